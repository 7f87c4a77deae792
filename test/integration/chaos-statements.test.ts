import { afterAll, beforeAll, expect, test } from "vitest";
import { fuzzStatements } from "../chaos/statements/fuzz.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

test("statements that run against each other, are held open and cut, break no invariant", async () => {
  const { violations, counts } = await fuzzStatements({ url: database.url, seconds: 20, seed: 1 });
  expect(violations).toEqual([]);
  // It was not for nothing.
  expect(Object.keys(counts)).toEqual(
    expect.arrayContaining(["emitted", "claimed", "paused", "expired", "died", "retry"]),
  );
});
