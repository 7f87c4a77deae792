import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { PACKAGE, packageRoot } from "../../package-root.ts";
import { type Migration, readMigrations } from "../migrate/read-migrations.ts";
import { type Finding, fault, note } from "./finding.ts";

const PLACE = "DATABASE_URL";
const CONNECT_TIMEOUT_MS = 20_000; // a sleeping Neon database takes a moment

/** Whether the project has installed this version of the package. */
export function checkPackage(root: string): Finding[] {
  const path = join(root, "node_modules", PACKAGE, "package.json");
  if (!existsSync(path)) return [];
  const [installed, own] = [path, join(packageRoot(), "package.json")].map(versionIn);
  if (installed === own) return [];
  const todo = "run the project's own command: npx uses it in the project's directory";
  return [note(path, `the project has version ${installed}, but this command has version ${own}`, todo)];
}

const versionIn = (path: string) => (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;

/** Whether a database has the migrations of this package. Only reads, and never prints the URL. */
export async function checkDatabase(url: string): Promise<Finding[]> {
  if (!URL.canParse(url)) return [fault(PLACE, "is not a URL", "set postgres://user:password@host/database")];
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on("error", () => undefined); // the statement that fails because of it reports it
  try {
    await client.connect();
    const { rows } = await client.query<{ found: boolean }>(
      "select to_regclass('eventhub.migrations') is not null as found",
    );
    if (rows[0]?.found !== true)
      return [fault(PLACE, "the database has no tables of the hub", "npx cf-eventhub-workflows migrate")];
    const had = await client.query<Applied>(
      "select name, hash, finished_at is not null as finished from eventhub.migrations order by name",
    );
    return compare(readMigrations(join(packageRoot(), "schema", "migrations")), had.rows);
  } catch (error) {
    const why = error instanceof Error && error.message !== "" ? error.message : "no connection";
    return [fault(PLACE, `the database cannot be read: ${why}`, "correct DATABASE_URL, or start the database")];
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A migration that was applied to a database. */
interface Applied {
  name: string;
  hash: string;
  finished: boolean;
}

function compare(migrations: readonly Migration[], had: readonly Applied[]): Finding[] {
  const done = new Set(had.filter(({ finished }) => finished).map(({ hash }) => hash));
  const known = new Set(migrations.map(({ hash }) => hash));
  const lacking = migrations.filter(({ hash }) => !done.has(hash)).map(({ name }) => name);
  const newer = had.filter(({ hash }) => !known.has(hash)).map(({ name }) => name);
  return [
    ...(lacking.length > 0
      ? [
          fault(
            PLACE,
            `the database lacks ${lacking.join(", ")}`,
            "npx cf-eventhub-workflows migrate, before the Workers of this version",
          ),
        ]
      : []),
    ...(newer.length > 0
      ? [note(PLACE, `the database is newer than this package: it also has ${newer.join(", ")}`, `update ${PACKAGE}`)]
      : []),
  ];
}
