import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

test("everything in the schema says what it is: tables, views, their columns, functions and triggers", async () => {
  const silent = await database.query(`
    with thing as (
      select 'pg_class'::regclass as kind, c.oid, 0 as part, c.relname as name
      from pg_class c where c.relnamespace = 'eventhub'::regnamespace and c.relkind in ('r', 'v', 'm')
      union all
      select 'pg_class'::regclass, c.oid, a.attnum, c.relname || '.' || a.attname
      from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'eventhub'::regnamespace and c.relkind in ('r', 'v', 'm') and a.attnum > 0 and not a.attisdropped
      union all
      select 'pg_proc'::regclass, p.oid, 0, p.proname || '()' from pg_proc p where p.pronamespace = 'eventhub'::regnamespace
      union all
      select 'pg_trigger'::regclass, t.oid, 0, t.tgname
      from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace = 'eventhub'::regnamespace and not t.tgisinternal
    )
    select name from thing
    left join pg_description d on d.classoid = thing.kind and d.objoid = thing.oid and d.objsubid = thing.part
    where coalesce(d.description, '') = '' order by name`);
  expect(silent).toEqual([]);
});

test("a view's column says what its source says", async () => {
  const [said] = await database.query(`
    select col_description('eventhub.failed_dispatches'::regclass, 5) = col_description('eventhub.dispatches'::regclass, n.attempts) as attempts,
      col_description('eventhub.dispatch_timeline'::regclass, t.reason) = col_description('eventhub.executions'::regclass, 4) as reason
    from (select attnum as attempts from pg_attribute where attrelid = 'eventhub.dispatches'::regclass and attname = 'attempts') n,
      (select attnum as reason from pg_attribute where attrelid = 'eventhub.dispatch_timeline'::regclass and attname = 'reason') t`);
  expect(said).toEqual({ attempts: true, reason: true });
});
