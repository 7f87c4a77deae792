import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

/** The functions that run in the sessions of others, because a trigger calls them or with the rights of their owner. */
const inOtherSessions = () =>
  database.query<{ name: string; settings: string[] | null }>(`
    select proname as name, proconfig as settings from pg_proc
    where pronamespace = 'eventhub'::regnamespace and (prosecdef or prorettype = 'trigger'::regtype) order by proname`);

/** Those of them in which a name means what the session's search_path says. */
const withoutSearchPath = async () =>
  (await inOtherSessions())
    .filter(({ settings }) => settings?.includes("search_path=pg_catalog, pg_temp") !== true)
    .map(({ name }) => name);

test("a function that runs in the sessions of others has a search_path of its own", async () => {
  expect((await inOtherSessions()).map(({ name }) => name)).toEqual(["emit", "tell_key", "tell_pause", "tell_result"]);
  expect(await withoutSearchPath()).toEqual([]);
  // It is lost when the function is defined again without it.
  await database.query(`
    create or replace function eventhub.tell_result() returns trigger language plpgsql as 'begin return null; end'`);
  expect(await withoutSearchPath()).toEqual(["tell_result"]);
});
