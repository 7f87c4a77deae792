import { migrate } from "../../cli/migrate/migrate.ts";
import { runStatements } from "../../local/postgres/run-statements.ts";

const TEMPLATE = "eventhub_template";

/** The databases of a Postgres for tests. */
export interface TestDatabases {
  /** The hub's database, which always has the same name. */
  url: string;
  /** Replaces it with an empty clone of the migrated database, and ends all connections to it. */
  renew(): Promise<void>;
}

/** Makes a migrated database, and a clone of it for the hub. @param url a database of the server's, whose place the hub's takes */
export async function createDatabases(url: string): Promise<TestDatabases> {
  const name = new URL(url).pathname.slice(1);
  const of = (database: string) => {
    const other = new URL(url);
    other.pathname = `/${database}`;
    return other.href;
  };
  const administrate = (...statements: string[]) => runStatements(of("postgres"), ...statements);
  const drop = `drop database if exists ${name} with (force)`;
  const clone = `create database ${name} template ${TEMPLATE}`;
  await administrate(`create database ${TEMPLATE}`);
  await migrate(of(TEMPLATE));
  await administrate(drop, clone);
  return { url, renew: () => administrate(drop, clone) };
}
