import { afterAll, beforeAll, expect, test } from "vitest";
import { MAX_PAYLOAD_DEPTH } from "../../schema/payload.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

const emit = (payload: string) => database.query("select eventhub.emit($1::jsonb)", [payload]);

test.each([
  ["the largest double", "1.7976931348623157e308"],
  ["the largest double with all its digits", String(BigInt(Number.MAX_VALUE))],
  ["the least double", "-1.7976931348623157e308"],
  ["more decimals than a double has", "0.1234567890123456789"],
  ["2^53", "9007199254740992"],
  ["2^64", "18446744073709551616"],
  ["less than the smallest double", "1e-400"],
  ["text that looks like more", '"1e400"'],
])("eventhub.emit takes %s", async (_, number) => {
  await emit(`{"n": [${number}]}`);
});

test.each([
  ["the next above the largest double", '{"n": 1.7976931348623159e308}'],
  ["the next below the least double", '{"n": -1.7976931348623159e308}'],
  ["1e400", '{"n": 1e400}'],
  ["-1e400, however deep", '{"ok": 1, "deep": [[{"n": [0, -1e400]}]]}'],
])("eventhub.emit refuses %s, which would be read as Infinity", async (_, payload) => {
  const before = await database.query("select count(*) from eventhub.events");
  await expect(emit(payload)).rejects.toThrow(
    "[invalid_payload] payload holds a number beyond those of a double (1.8e308)",
  );
  expect(await database.query("select count(*) from eventhub.events")).toEqual(before);
});

test.each([
  ["2^53 + 1", "9007199254740993"],
  ["a 64-bit id", "-12345678901234567890"],
  ["a large number with decimals", "12345678901234567890.5"],
])("eventhub.emit refuses %s, which every consumer would read as another number", async (_, number) => {
  await expect(emit(`{"a": [{"id": ${number}}]}`)).rejects.toThrow(
    `[invalid_payload] payload holds ${number}, which no consumer can read exactly: write it as text`,
  );
});

test("eventhub.emit takes as many levels as emit(), and no more", async () => {
  const nested = (depth: number) => `{"a":${"[".repeat(depth - 1)}1${"]".repeat(depth - 1)}}`;
  await emit(nested(MAX_PAYLOAD_DEPTH));
  await expect(emit(nested(MAX_PAYLOAD_DEPTH + 1))).rejects.toThrow(
    `[invalid_payload] payload is nested deeper than ${MAX_PAYLOAD_DEPTH} levels`,
  );
});
