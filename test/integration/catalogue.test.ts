import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../schema/database/connection.ts";
import { countKinds } from "../../schema/queries/events/count-kinds.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { readsOf } from "../support/query-plans.ts";

/** Which kinds of events the catalogue finds among many, and what it reads for that. */

const SAMPLE = { newest: 50, days: 7, sliceMinutes: 10, perSlice: 3, invalid: 20 };

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

/** Events of a kind so many minutes ago. */
const store = (kind: string, minutesAgo: number, count: number, invalid: object | null = null) =>
  database.query(
    `insert into eventhub.events (id, payload, payload_bytes, created_at, routed, invalid)
     select (substr(eventhub.uuid_at(at)::text, 1, 13) || substr(gen_random_uuid()::text, 14))::uuid, jsonb_build_object('kind', $1::text), 20, at, true, $4
     from (select now() - make_interval(mins => $2, secs => n * 0.001) as at from generate_series(1, $3::int) n) moments`,
    [kind, minutesAgo, count, invalid === null ? null : JSON.stringify(invalid)],
  );

test("a kind of days ago is found behind any number of newer events, and one that is marked among many of its minute", async () => {
  await store("loud", 0, 5_000);
  await store("quiet", 5 * 1_440, 2);
  await store("too old", 8 * 1_440, 2);
  await store("crowd", 3 * 1_440, 500);
  await store("typo", 3 * 1_440 + 1, 1, { refused: false, faults: ["kind: is none of the 1 defined kinds"] });
  const rows = await openDatabase(database).run(countKinds("kind", SAMPLE));
  expect(rows.map(({ kind }) => kind).sort()).toEqual(["crowd", "loud", "quiet", "typo"]);
  expect(rows.find(({ kind }) => kind === "typo")).toMatchObject({ seen: 1, invalid: 1 });
  expect(rows[0]?.looked).toBeLessThanOrEqual(SAMPLE.newest + 20);
  const reads = async () =>
    (await readsOf(database, countKinds("kind", SAMPLE))).filter((way) => way.startsWith("events"));
  const indexes = ["events by events_invalid", "events by events_pkey"];
  // As it stands before anything was analysed, and after.
  expect(await reads()).toEqual(indexes);
  await database.query("analyze eventhub.events");
  expect(await reads()).toEqual(indexes);
});

test("the hub's own events take no place of the users' kinds", async () => {
  await database.clear();
  await store("rare", 4 * 1_440, 1);
  await store("new", 2, 1);
  for (const minutesAgo of [4 * 1_440, 0]) await store("eventhub.failed", minutesAgo, 20);
  await store("eventhub.failed", 1, 180);
  await database.query("update eventhub.events set own = true where payload ->> 'kind' = 'eventhub.failed'");
  const rows = await openDatabase(database).run(countKinds("kind", SAMPLE));
  expect(rows.map(({ kind }) => kind).sort()).toEqual(["new", "rare"]);
});
