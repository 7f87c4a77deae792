import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrate } from "../../infra/cli/migrate/migrate.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import { migrateOldWay } from "../support/old-migrations.ts";

/** Migrations of tables that hold data, while an old transaction is open and others read and write. */

let database: TestDatabase;
let old: Client;
let told: string[];

beforeEach(async () => {
  database = await createDatabase({ empty: true });
  told = [];
  old = new Client({ connectionString: database.url, application_name: "report" });
  old.on("error", () => undefined);
  await old.connect();
});
afterEach(async () => {
  await old.end();
  await database.drop();
});

const tell = (message: string) => told.push(message);

/** A database of an earlier version that has been used. */
async function usedSince(migrations: number): Promise<void> {
  await migrateOldWay(database.url, migrations);
  const { eventId, dispatchId } = { eventId: randomUUID(), dispatchId: randomUUID() };
  await database.query("insert into eventhub.events (id, payload, payload_bytes) values ($1, '{}', 2)", [eventId]);
  await insertDispatch(eventId, dispatchId);
  await database.query(
    `insert into eventhub.executions (dispatch_id, attempt, result, instance_id, started_at, finished_at)
     values ($1, 1, 'complete', 'i', now(), now())`,
    [dispatchId],
  );
}

const insertDispatch = (eventId: string, id = randomUUID()) =>
  database.query(
    `insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, next_attempt_at)
     values ($1, $2, 'A', 'a', 0, '{}', 1, now())`,
    [id, eventId],
  );

/** What the hub does all the time; resolves when it is done. */
async function traffic(): Promise<void> {
  const [event] = await database.query<{ id: string }>("select id from eventhub.events limit 1");
  await insertDispatch(event?.id ?? "");
  await database.query("select count(*) from eventhub.dispatches d join eventhub.executions x on x.dispatch_id = d.id");
}

const migrationWaits = () =>
  eventually(async () => {
    const [waiting] = await database.query(
      `select pid from pg_stat_activity
       where datname = current_database() and application_name = 'cf-eventhub migrate' and wait_event_type = 'Lock'`,
    );
    return waiting;
  }, "the migration waits for a lock");

const indexes = async () =>
  (
    await database.query<{ name: string; valid: boolean }>(
      `select c.relname as name, i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
       where c.relname in ('dispatches_ongoing', 'dispatches_overdue') order by 1`,
    )
  ).map(({ name, valid }) => `${name}${valid ? "" : " (invalid)"}`);

const journal = () =>
  database.query(
    "select name, steps, finished_at is not null as finished from eventhub.migrations where name like '0006%'",
  );

describe("migrating tables that hold data", () => {
  it.each([2, 4])("from the first %d migrations, lets others in while an old transaction is open", async (since) => {
    await usedSince(since);
    await old.query("begin");
    await old.query("select count(*) from eventhub.dispatches");
    await old.query("select count(*) from eventhub.events");
    const migrating = migrate(database.url, { tell, lockWaitMs: 300 });
    // The traffic stands in line behind the migration's lock. It ends although the old transaction is open, so the migration has given up the lock.
    for (let round = 0; round < 5; round++) {
      await Promise.race([migrationWaits(), migrating]);
      await traffic();
    }
    // From the fourth migration on, locks that exclude everybody are requested. Before it, indexes wait, and keep nobody waiting.
    if (since === 4) {
      expect(await eventually(async () => told[0], "it has been told")).toMatch(
        /^others lock the tables: pid \d+ \(postgres, report, in a transaction for \d+ s\).*; trying again$/,
      );
    }
    await old.query("commit");
    await migrating;
    expect(await indexes()).toEqual(["dispatches_ongoing"]);
    expect(await journal()).toEqual([{ name: "0006_held_millions", steps: 2, finished: true }]);
  });

  it("builds and drops indexes beside an old transaction without keeping anybody waiting", async () => {
    await usedSince(6);
    await old.query("begin");
    await old.query("select count(*) from eventhub.dispatches");
    await old.query("update eventhub.dispatches set attempts = attempts");
    const migrating = migrate(database.url, { tell });
    await migrationWaits();
    const waitingBehind = await database.query(
      "select from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0 and application_name <> 'cf-eventhub migrate'",
    );
    await traffic();
    expect(waitingBehind).toEqual([]);
    expect(await indexes()).toEqual(["dispatches_ongoing (invalid)", "dispatches_overdue"]);
    await old.query("commit");
    await migrating;
    expect(await indexes()).toEqual(["dispatches_ongoing"]);
  });

  it("gives up after its patience, and goes on where it was the next time", async () => {
    await usedSince(6);
    await old.query("begin");
    await old.query("update eventhub.dispatches set attempts = attempts");
    await expect(migrate(database.url, { tell, patienceMs: 200 })).rejects.toThrow(
      /0006_held_millions: gave up after 0 s, because others lock the tables: pid \d+ \(postgres, report, in a transaction for \d+ s\); run migrate again/,
    );
    expect(await indexes()).toEqual(["dispatches_ongoing (invalid)", "dispatches_overdue"]);
    await old.query("commit");
    // Its second step has to wait for the old transaction again.
    await migrate(database.url);
    expect(await indexes()).toEqual(["dispatches_ongoing"]);
    expect(await journal()).toEqual([{ name: "0006_held_millions", steps: 2, finished: true }]);
  });

  it("several at once wait for the one that builds an index, and it not for them", async () => {
    await usedSince(6);
    await Promise.all([1, 2, 3].map(() => migrate(database.url, { tell })));
    expect(await indexes()).toEqual(["dispatches_ongoing"]);
  });

  it("ends with the same schema as an empty database does", async () => {
    await usedSince(1);
    await migrate(database.url);
    const other = await createDatabase({ empty: true });
    try {
      await migrate(other.url);
      for (const query of SCHEMA) expect(await database.query(query)).toEqual(await other.query(query));
    } finally {
      await other.drop();
    }
  });
});

const SCHEMA = [
  "select indexdef from pg_indexes where schemaname = 'eventhub' order by 1",
  `select conname, pg_get_constraintdef(oid) as definition, convalidated from pg_constraint
   where connamespace = 'eventhub'::regnamespace order by conrelid::regclass::text, 1`,
  `select attrelid::regclass::text as relation, attname, atttypid::regtype::text as type, attnotnull from pg_attribute
   where attrelid in (select oid from pg_class where relnamespace = 'eventhub'::regnamespace and relkind in ('r', 'v')) and attnum > 0
   order by 1, attnum`,
  "select viewname, definition from pg_views where schemaname = 'eventhub' order by 1",
  "select oid::regprocedure::text as name, prosrc from pg_proc where pronamespace = 'eventhub'::regnamespace order by 1",
  "select pg_get_triggerdef(oid) as definition from pg_trigger where not tgisinternal order by 1",
];
