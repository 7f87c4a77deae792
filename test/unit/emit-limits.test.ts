import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Database } from "../../schema/database/connection.ts";
import {
  MAX_CALL_BYTES,
  MAX_CALL_VALUES,
  MAX_DISPATCHES_PER_CALL,
  MAX_EVENTS_PER_CALL,
  MAX_PAYLOAD_BYTES,
} from "../../schema/vocabulary/limits.ts";
import { emit } from "../../workers/hub/emit/emit.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";

beforeEach(() => {
  vi.spyOn(console, "info").mockReturnValue(undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const ROUTES = 100;
const many = { path: "$.to", exact: "many" };
const routes = compileRoutes({
  routes: [
    ...Array.from({ length: ROUTES }, (_, n) => ({ name: `route ${n}`, destination: "A", condition: many })),
    { name: "one", destination: "A", condition: { path: "$.to", exact: "one" } },
  ],
});

/** Emits into a database that accepts everything. Returns the number of statements, events and dispatches, or the refusal. */
async function emitted(payloads: readonly object[]) {
  let statements = 0;
  const run = async () => {
    statements += 1;
    return [{ unrouted: false }];
  };
  const call = emit(payloads, undefined, {
    routes,
    database: { run } as unknown as Database,
    enqueue: () => undefined,
    routePending: () => undefined,
  });
  const outcome = await call.then(
    ({ events }) => ({ events: events.length, dispatches: events.flatMap(({ dispatches }) => dispatches).length }),
    (error: Error) => error.message,
  );
  return { statements, outcome };
}

describe("one call of emit()", () => {
  const full = Array(MAX_DISPATCHES_PER_CALL / ROUTES).fill({ to: "many" });

  test(`can make ${MAX_DISPATCHES_PER_CALL} dispatches, and not one more`, async () => {
    expect(await emitted(full)).toEqual({
      statements: 1,
      outcome: { events: full.length, dispatches: MAX_DISPATCHES_PER_CALL },
    });
    expect(await emitted([...full, { to: "one" }])).toEqual({
      statements: 0,
      outcome: `[too_large] events[${full.length}]: the events of a call may make at most 10000 dispatches together`,
    });
  });

  test("without events stores nothing, and one with a kind that is reserved for the hub is refused", async () => {
    expect(await emitted([])).toEqual({ statements: 0, outcome: { events: 0, dispatches: 0 } });
    expect(await emitted([{}, { kind: "eventhub.failed" }])).toEqual({
      statements: 0,
      outcome: "[invalid_payload] events[1].kind: kinds that begin with eventhub. are reserved for the hub",
    });
  });

  test(`accepts ${MAX_EVENTS_PER_CALL} events, and not one more`, async () => {
    expect(await emitted(Array(MAX_EVENTS_PER_CALL).fill({}))).toEqual({
      statements: 1,
      outcome: { events: MAX_EVENTS_PER_CALL, dispatches: 0 },
    });
    expect(await emitted(Array(MAX_EVENTS_PER_CALL + 1).fill({}))).toEqual({
      statements: 0,
      outcome: "[too_large] at most 1000 events per call, got 1001",
    });
  });

  test(`accepts ${MAX_CALL_VALUES} values, and not one more`, async () => {
    const values = (count: number) => ({ a: Array(count - 1).fill(1) });
    const most = Array(4).fill(values(MAX_CALL_VALUES / 4));
    expect(await emitted(most)).toEqual({ statements: 1, outcome: { events: 4, dispatches: 0 } });
    expect(await emitted([...most, values(1)])).toEqual({
      statements: 0,
      outcome: `[too_large] events[4]: the payloads of a call must contain at most 2000000 values together (members and elements)`,
    });
  });

  test(`accepts ${MAX_CALL_BYTES} bytes of JSON, and not one more`, async () => {
    const bytes = (count: number) => ({ a: "x".repeat(count - '{"a":""}'.length) });
    const most = Array(MAX_CALL_BYTES / MAX_PAYLOAD_BYTES - 1).fill(bytes(MAX_PAYLOAD_BYTES));
    const small = bytes(100);
    expect(await emitted([...most, small, bytes(MAX_PAYLOAD_BYTES - 100)])).toEqual({
      statements: 1,
      outcome: { events: most.length + 2, dispatches: 0 },
    });
    expect(await emitted([...most, small, bytes(MAX_PAYLOAD_BYTES - 99)])).toEqual({
      statements: 0,
      outcome: `[too_large] events[${most.length + 1}]: the payloads of a call must be at most 16777216 bytes of JSON together`,
    });
  });
});
