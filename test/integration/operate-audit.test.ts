import { afterAll, beforeAll, expect, test } from "vitest";
import type { OperationAction } from "../../schema/vocabulary/statuses.ts";
import { listOperations } from "../../workers/hub/operator/operations.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { operatorOn } from "../support/history.ts";

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR);

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  const made = async (actor: string, action: OperationAction, hours: number) =>
    database.query(
      `insert into eventhub.operations (id, actor, action, arguments, state, created_at, finished_at)
       values (eventhub.uuid_at($3), $1, $2, '{"name": "A"}', 'finished', $3, $3)`,
      [actor, action, ago(hours)],
    );
  await made("ada", "pause_destination", 50);
  await made("ada", "resume_destination", 30);
  await made("breaker", "pause_destination", 20);
  await made("bob", "resume_destination", 3);
  await made("ada", "pause_destination", 1);
});
afterAll(() => database?.drop());

const listed = async (filter?: unknown, page?: unknown) =>
  (await listOperations(operatorOn(database), filter, page)).map(({ actor, action }) => `${actor} ${action}`);

test("what operators did is found by who, what and when, the newest first", async () => {
  expect(await listed()).toHaveLength(5);
  expect(await listed({ actor: "ada", action: "pause_destination" })).toEqual([
    "ada pause_destination",
    "ada pause_destination",
  ]);
  expect(await listed({ since: ago(25), until: ago(2).toISOString() })).toEqual([
    "bob resume_destination",
    "breaker pause_destination",
  ]);
  expect(await listed({ actor: "nobody" })).toEqual([]);
});

test("a page goes on behind the last one of the page before, until there is no more", async () => {
  const told: string[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < 3; pages++) {
    const page = await listOperations(operatorOn(database), {}, { limit: 2, ...(after && { after }) });
    told.push(...page.map(({ actor }) => actor));
    after = page.at(-1)?.id;
  }
  expect(told).toEqual(["ada", "bob", "breaker", "ada", "ada"]);
  expect(await listed({}, { limit: 2, after })).toEqual([]);
});

test("a wrong call says where and what", async () => {
  for (const [filter, page, message] of [
    [{ who: "ada" }, {}, "filter.who: is not known"],
    [{ action: "drop" }, {}, "filter.action: must be one of retry_dispatch, "],
    [{}, { limit: 501 }, "page.limit: must be an integer from 1 to 500"],
    [{}, { after: "x" }, "page.after: must be a UUID"],
  ] as const) {
    await expect(listed(filter, page)).rejects.toThrow(`[invalid_arguments] ${message}`);
  }
});
