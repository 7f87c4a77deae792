import { readFileSync } from "node:fs";
import type { Client } from "pg";
import { type Migration, withoutComments } from "./read-migrations.ts";

interface Snapshot {
  tables: Record<string, SnapshotTable>;
  views: Record<string, { name: string; schema?: string }>;
}

interface SnapshotTable {
  name: string;
  schema: string;
  columns: Record<string, unknown>;
  foreignKeys: Record<string, unknown>;
  compositePrimaryKeys: Record<string, unknown>;
  uniqueConstraints: Record<string, unknown>;
  checkConstraints: Record<string, unknown>;
}

/** What should exist after these migrations, in the terms of {@link FOUND}. */
export function expectedOf(migrations: readonly Migration[]): Set<string> {
  const statements = migrations.flatMap((migration) => migration.statements.map(withoutComments));
  return new Set([...fromSnapshot(migrations.at(-1)?.snapshotFile), ...fromStatements(statements)]);
}

function fromSnapshot(file: string | undefined): string[] {
  if (file === undefined) return [];
  const { tables, views } = JSON.parse(readFileSync(file, "utf8")) as Snapshot;
  return [
    ...Object.values(tables).flatMap((table) => [
      `table ${table.name}`,
      ...Object.keys(table.columns).map((column) => `column ${table.name}.${column}`),
      ...[table.foreignKeys, table.compositePrimaryKeys, table.uniqueConstraints, table.checkConstraints]
        .flatMap(Object.keys)
        .map((constraint) => `constraint ${constraint} of ${table.name}`),
    ]),
    ...Object.values(views).map(({ name }) => `view ${name}`),
  ];
}

const INDEX = /^CREATE (?:UNIQUE )?INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?"?(\w+)"? ON "?eventhub"?\."?(\w+)"?/i;
const DROPPED_INDEX = /^DROP INDEX (?:CONCURRENTLY )?(?:IF EXISTS )?"?eventhub"?\."?(\w+)"?/i;
const FUNCTION = /^CREATE (?:OR REPLACE )?FUNCTION "?eventhub"?\."?(\w+)"?/i;
const DROPPED_FUNCTION = /^DROP FUNCTION (?:IF EXISTS )?"?eventhub"?\."?(\w+)"?/i;
const TRIGGER = /^CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER "?(\w+)"? .*?\bON "?eventhub"?\."?(\w+)"?/is;
const DROPPED_TRIGGER = /^DROP TRIGGER (?:IF EXISTS )?"?(\w+)"? ON "?eventhub"?\."?(\w+)"?/i;
const DROPPED_TABLE = /^DROP TABLE (?:IF EXISTS )?"?eventhub"?\."?(\w+)"?/i;

/** What drizzle-kit's snapshots lack: hand-written statements make it. */
function fromStatements(statements: readonly string[]): Iterable<string> {
  /** The table of each. */
  const made = new Map<string, string>();
  for (const statement of statements) {
    const match = (pattern: RegExp, then: (name: string, table: string) => void) => {
      const [, name, table = ""] = pattern.exec(statement) ?? [];
      if (name !== undefined) then(name, table);
    };
    match(INDEX, (name, table) => made.set(`index ${name}`, table));
    match(DROPPED_INDEX, (name) => made.delete(`index ${name}`));
    match(FUNCTION, (name) => made.set(`function ${name}`, ""));
    match(DROPPED_FUNCTION, (name) => made.delete(`function ${name}`));
    match(TRIGGER, (name, table) => made.set(`trigger ${name} of ${table}`, table));
    match(DROPPED_TRIGGER, (name, table) => made.delete(`trigger ${name} of ${table}`));
    match(DROPPED_TABLE, (dropped) => {
      for (const [thing, table] of made) if (table === dropped) made.delete(thing);
    });
  }
  return made.keys();
}

/** Everything in the schema, and whether it is in force. A half-built index is not, nor is a disabled trigger. */
const FOUND = `
  with hub as (
    select c.oid, c.relname, c.relkind from pg_class c
    where c.relnamespace = to_regnamespace('eventhub')
  )
  select case relkind when 'v' then 'view ' else 'table ' end || relname as thing, true as sound from hub where relkind in ('r', 'p', 'v')
  union all
  select 'column ' || h.relname || '.' || a.attname, true from hub h join pg_attribute a on a.attrelid = h.oid
  where h.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
  union all
  select 'index ' || h.relname, i.indisvalid and i.indisready from hub h join pg_index i on i.indexrelid = h.oid
  union all
  select 'constraint ' || k.conname || ' of ' || h.relname, k.convalidated from hub h join pg_constraint k on k.conrelid = h.oid
  union all
  select 'trigger ' || t.tgname || ' of ' || h.relname, t.tgenabled <> 'D' from hub h join pg_trigger t on t.tgrelid = h.oid
  where not t.tgisinternal
  union all
  select distinct 'function ' || p.proname, true from pg_proc p where p.pronamespace = to_regnamespace('eventhub')`;

/** The most names that a message lists. */
const MAX_LISTED = 10;

/** Compares what should exist with what does. @throws An Error that names what is missing or not in force. */
export async function checkSchema(client: Client, migrations: readonly Migration[]): Promise<void> {
  const { rows } = await client.query<{ thing: string; sound: boolean }>(FOUND);
  const found = new Map(rows.map(({ thing, sound }) => [thing, sound]));
  const faults = [...expectedOf(migrations)].flatMap((thing) => {
    const sound = found.get(thing);
    if (sound === true) return [];
    if (sound === undefined) return [`${thing} is missing`];
    return [`${thing} is ${thing.startsWith("trigger") ? "disabled" : "not valid"}`];
  });
  if (faults.length === 0) return;
  const more = faults.length > MAX_LISTED ? [`and ${faults.length - MAX_LISTED} more`] : [];
  throw new Error(
    `all migrations are applied, but the schema eventhub was changed since, or only partly restored: ${[...faults.slice(0, MAX_LISTED), ...more].join(", ")}: restore what schema/migrations created`,
  );
}
