import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  MAX_IDEMPOTENCY_KEY_LENGTH,
  MAX_PAYLOAD_BYTES,
  MAX_PAYLOAD_DEPTH,
  MAX_RETRIES,
} from "../../schema/vocabulary/limits.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";

/**
 * Migrations are kept as they were written, with the limits as numbers. Here they are compared with the table from which everything else takes them.
 */

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

const emit = (payload: object, key?: string) =>
  database.query("select eventhub.emit($1::jsonb, $2)", [JSON.stringify(payload), key ?? null]);

const ofBytes = (bytes: number) => ({ text: "x".repeat(bytes - JSON.stringify({ text: "" }).length) });
const ofDepth = (depth: number) => {
  let value: unknown = 1;
  for (let level = 1; level < depth; level++) value = [value];
  return { value };
};

describe("eventhub.emit, which is SQL, takes n and refuses n + 1 of", () => {
  test("MAX_IDEMPOTENCY_KEY_LENGTH", async () => {
    await emit({}, "k".repeat(MAX_IDEMPOTENCY_KEY_LENGTH));
    await expect(emit({}, "k".repeat(MAX_IDEMPOTENCY_KEY_LENGTH + 1))).rejects.toThrow(
      `[invalid_options] idempotencyKey must have 1 to ${MAX_IDEMPOTENCY_KEY_LENGTH} characters, got ${MAX_IDEMPOTENCY_KEY_LENGTH + 1}`,
    );
  });

  test("MAX_PAYLOAD_BYTES", async () => {
    await emit(ofBytes(MAX_PAYLOAD_BYTES));
    await expect(emit(ofBytes(MAX_PAYLOAD_BYTES + 1))).rejects.toThrow(
      `[too_large] payload must be at most ${MAX_PAYLOAD_BYTES} bytes of JSON, got ${MAX_PAYLOAD_BYTES + 1}`,
    );
  });

  test("MAX_PAYLOAD_DEPTH", async () => {
    await emit(ofDepth(MAX_PAYLOAD_DEPTH));
    await expect(emit(ofDepth(MAX_PAYLOAD_DEPTH + 1))).rejects.toThrow(
      `[invalid_payload] payload is nested deeper than ${MAX_PAYLOAD_DEPTH} levels`,
    );
  });
});

test("the table of dispatches takes MAX_RETRIES, and no retry more", async () => {
  const insert = (maxRetries: number) =>
    database.query(
      `with event as (
         insert into eventhub.events (id, payload, payload_bytes) values (eventhub.new_id(), '{}', 2) returning id
       )
       insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, next_attempt_at)
       select eventhub.new_id(), id, 'A', 'all', $1, '{"type": "constant", "interval": 5}', 30, now() from event`,
      [maxRetries],
    );
  await insert(MAX_RETRIES);
  await expect(insert(MAX_RETRIES + 1)).rejects.toThrow("dispatches_max_retries");
});
