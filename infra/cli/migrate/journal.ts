import type { Client } from "pg";
import type { Migration } from "./read-migrations.ts";

/** The progress of one migration in a database. */
export interface Progress {
  /** The steps that are done, if it is not finished. */
  steps: number;
  finished: boolean;
}

/** The migrations of a database, by their hashes. */
export interface Journal {
  progress: ReadonlyMap<string, Progress>;
  /** The names of migrations that this package does not know, from a newer version. */
  unknown: readonly string[];
}

/**
 * A table of our own, in the hub's schema. `drop schema eventhub cascade` drops it, and a dump of the schema has it. It also does not disturb an
 * application that migrates with drizzle beside us: in drizzle's own table, only the newest row counts.
 */
const CREATE = `
  create table eventhub.migrations (
    name text primary key,
    hash text not null unique,
    steps integer not null default 0,
    finished_at timestamp (3) with time zone
  );
  comment on table eventhub.migrations is 'The migrations that this schema has had. Kept by cf-eventhub-workflows migrate.';
  comment on column eventhub.migrations.name is 'The migration''s file.';
  comment on column eventhub.migrations.hash is 'SHA-256 of its text.';
  comment on column eventhub.migrations.steps is 'Steps done, of one that is done in several.';
  comment on column eventhub.migrations.finished_at is 'When it was through; null while it is under way: run cf-eventhub-workflows migrate again.'`;

/** Whether a table exists. Without a right on its schema, to_regclass would fail. */
const EXISTS = `
  select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relname = $2 and c.relkind = 'r') as found`;

async function exists(client: Client, schema: string, table: string): Promise<boolean> {
  return (await client.query<{ found: boolean }>(EXISTS, [schema, table])).rows[0]?.found === true;
}

/** Opens the database's journal. Creates it, and the schema, if they do not exist. @throws An Error if nothing says how old the tables are. */
export async function openJournal(client: Client, migrations: readonly Migration[]): Promise<Journal> {
  if (!(await exists(client, "eventhub", "migrations"))) {
    await client.query("begin");
    try {
      const { rows } = await client.query("select 1 from pg_namespace where nspname = 'eventhub'");
      // Not `if not exists`: that requires the right to create one even if it exists.
      if (rows.length === 0) await client.query("create schema eventhub");
      await client.query(CREATE);
      if (await exists(client, "eventhub", "events")) await takeOver(client, migrations);
      await client.query("commit");
    } catch (error) {
      await client.query("rollback").catch(() => undefined);
      throw error;
    }
  }
  const { rows } = await client.query<{ name: string; hash: string; steps: number; finished: boolean }>(
    "select name, hash, steps, finished_at is not null as finished from eventhub.migrations order by name",
  );
  const known = new Set(migrations.map(({ hash }) => hash));
  const names = new Map(migrations.map(({ name, hash }) => [name, hash]));
  const changed = rows.find(({ name, hash }) => !known.has(hash) && names.has(name));
  if (changed !== undefined) {
    throw new Error(
      `the database was migrated with another ${changed.name} than this package has: the file was changed after it was applied`,
    );
  }
  return {
    progress: new Map(rows.map(({ hash, steps, finished }) => [hash, { steps, finished }])),
    unknown: rows.filter(({ hash }) => !known.has(hash)).map(({ name }) => name),
  };
}

/** Earlier versions used drizzle's own journal. Our rows are removed from it; otherwise it would skip older migrations of an application. */
async function takeOver(client: Client, migrations: readonly Migration[]): Promise<void> {
  const hashes = migrations.map(({ hash }) => hash);
  let taken = 0;
  if (await exists(client, "drizzle", "__drizzle_migrations")) {
    const { rowCount } = await client.query(
      `insert into eventhub.migrations (name, hash, finished_at)
       select m.name, m.hash, now() from unnest($1::text[], $2::text[]) as m(name, hash)
       where exists (select from drizzle.__drizzle_migrations d where d.hash = m.hash)`,
      [migrations.map(({ name }) => name), hashes],
    );
    await client.query("delete from drizzle.__drizzle_migrations where hash = any($1)", [hashes]);
    taken = rowCount ?? 0;
  }
  if (taken === 0 && (await exists(client, "eventhub", "dispatch_results"))) {
    throw new Error(
      "the schema eventhub contains the tables of cf-eventhub 0.3, the project that this one grew out of: give this hub a database of its own",
    );
  }
  if (taken === 0) {
    throw new Error(
      "the schema eventhub has tables, but neither eventhub.migrations nor drizzle.__drizzle_migrations says which migrations made them: restore the one that belongs to them; or, if you need nothing in them, drop schema eventhub cascade",
    );
  }
}

/** Records the progress of a migration. */
export async function record(client: Client, { name, hash }: Migration, { steps, finished }: Progress): Promise<void> {
  await client.query(
    `insert into eventhub.migrations (name, hash, steps, finished_at) values ($1, $2, $3, case when $4 then now() end)
     on conflict (name) do update set steps = excluded.steps, finished_at = excluded.finished_at`,
    [name, hash, steps, finished],
  );
}
