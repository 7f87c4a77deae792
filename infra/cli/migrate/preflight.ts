import type { Client } from "pg";

/** The oldest PostgreSQL on which the hub's statements run. */
export const MIN_POSTGRES = 15;

const FACTS = `
  select current_setting('server_version_num')::int / 10000 as major, current_setting('server_version') as version,
    current_setting('server_encoding') as encoding, current_user as role, current_database() as database,
    pg_is_in_recovery() as replica,
    current_setting('default_transaction_read_only')::boolean as read_only, n.oid is not null as schema,
    exists (select from pg_class c where c.relnamespace = n.oid and c.relname = 'migrations' and c.relkind = 'r') as journal,
    case when n.oid is null then has_database_privilege(current_database(), 'create')
      else has_schema_privilege(n.oid, 'create') and has_schema_privilege(n.oid, 'usage') end as may_create
  from (values (1)) as one left join pg_namespace n on n.nspname = 'eventhub'`;

/** The facts about a database that migrations depend on. */
export interface Facts {
  major: number;
  version: string;
  encoding: string;
  role: string;
  database: string;
  replica: boolean;
  /** Whether transactions of this role in this database are read-only by default. */
  read_only: boolean;
  /** Whether the schema `eventhub` exists. */
  schema: boolean;
  /** Whether it contains the journal. */
  journal: boolean;
  /** Whether the role may create the schema or, if it exists, create tables in it. */
  may_create: boolean;
}

/** Examines the database before any change. @throws An Error with the reason why the hub cannot use it. */
export async function examine(client: Client): Promise<Facts> {
  const { rows } = await client.query<Facts>(FACTS);
  const [facts] = rows;
  if (facts === undefined) throw new Error("the database does not report its version and encoding");
  const { major, version, encoding, replica, read_only, role } = facts;
  if (major < MIN_POSTGRES) throw new Error(`it is PostgreSQL ${version}: the hub needs ${MIN_POSTGRES} or newer`);
  if (encoding !== "UTF8") {
    throw new Error(
      `its encoding is ${encoding}, which cannot hold every text: the hub needs a database made with: create database ... encoding 'UTF8' template template0`,
    );
  }
  if (replica) throw new Error("it is a read replica: migrate on the primary");
  if (read_only) {
    throw new Error(
      `transactions are read-only there by default, but the hub writes: alter role ${quoted(role)} set default_transaction_read_only = off (or the database, where it is set)`,
    );
  }
  return facts;
}

/** @throws An Error that says which rights the role lacks, and what to run to grant them. */
export function requireRights({ schema, may_create, role, database }: Facts): void {
  if (may_create) return;
  throw new Error(
    schema
      ? `the role ${role} may not create tables in the schema eventhub: let its owner run: grant usage, create on schema eventhub to ${quoted(role)}`
      : `the role ${role} may not create schemas in ${database}: let an administrator run: create schema eventhub authorization ${quoted(role)}`,
  );
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
