import type { Client } from "pg";

/** The oldest PostgreSQL that the hub's statements run on. */
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

/** What the migrations need of a database, whoever it belongs to. */
export interface Facts {
  major: number;
  version: string;
  encoding: string;
  role: string;
  database: string;
  replica: boolean;
  /** Whether transactions of this role in this database are read-only by default. */
  read_only: boolean;
  /** Whether the schema `eventhub` is there. */
  schema: boolean;
  /** Whether the journal is in it. */
  journal: boolean;
  /** Whether the role may make it, or, where it is there, make tables in it. */
  may_create: boolean;
}

/** Looks at the database before anything is touched. @throws An Error with the reason why the hub cannot live there. */
export async function examine(client: Client): Promise<Facts> {
  const { rows } = await client.query<Facts>(FACTS);
  const [facts] = rows;
  if (facts === undefined) throw new Error("the database does not say what it is");
  const { major, version, encoding, replica, read_only, role } = facts;
  if (major < MIN_POSTGRES) throw new Error(`it is PostgreSQL ${version}: the hub needs ${MIN_POSTGRES} or newer`);
  if (encoding !== "UTF8") {
    throw new Error(
      `its encoding is ${encoding}, which does not hold every text: the hub needs one made with: create database ... encoding 'UTF8' template template0`,
    );
  }
  if (replica) throw new Error("it is a read replica: migrate on the primary");
  if (read_only) {
    throw new Error(
      `transactions are read-only there by default, and the hub writes: alter role ${quoted(role)} set default_transaction_read_only = off (or the database, where it is set)`,
    );
  }
  return facts;
}

/** @throws An Error that says what the role needs to migrate, and what to run for it. */
export function requireRights({ schema, may_create, role, database }: Facts): void {
  if (may_create) return;
  throw new Error(
    schema
      ? `the role ${role} may not make tables in the schema eventhub: let its owner run: grant usage, create on schema eventhub to ${quoted(role)}`
      : `the role ${role} may not make schemas in ${database}: let an administrator run: create schema eventhub authorization ${quoted(role)}`,
  );
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
