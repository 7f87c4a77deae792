import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One file of schema/migrations. */
export interface Migration {
  /** The file's name, without `.sql`. */
  readonly name: string;
  /** SHA-256 of its text, by which a database knows its migrations. */
  readonly hash: string;
  readonly statements: readonly string[];
  /** If tables hold data, it runs in steps, none of which makes others wait; see {@link import("./steps.ts").stepsOf}. */
  readonly inSteps: boolean;
  /** drizzle-kit's description of tables and views after it; `undefined` without its snapshot. */
  readonly snapshotFile: string | undefined;
}

/** The first line of a file that runs in steps if tables hold data. */
export const IN_STEPS = "-- concurrently";

/** Migrations that are older than this line, and whose hashes databases know. They build indexes on tables that may hold millions of rows. */
const OLD_IN_STEPS: ReadonlySet<string> = new Set(["0002_operate_tables", "0006_held_millions"]);

const BREAKPOINT = "--> statement-breakpoint";

/** The migrations in a folder of drizzle-kit, in their order. */
export function readMigrations(folder: string): Migration[] {
  const { entries } = JSON.parse(readFileSync(join(folder, "meta", "_journal.json"), "utf8")) as {
    entries: { tag: string }[];
  };
  return entries.map(({ tag }) => {
    // A checkout on Windows may have other line ends, but it is the same migration.
    const text = readFileSync(join(folder, `${tag}.sql`), "utf8").replaceAll("\r\n", "\n");
    const snapshot = join(folder, "meta", `${tag.split("_")[0]}_snapshot.json`);
    return {
      name: tag,
      hash: createHash("sha256").update(text).digest("hex"),
      statements: text.split(BREAKPOINT).map((statement) => statement.trim()),
      inSteps: text.startsWith(`${IN_STEPS}\n`) || OLD_IN_STEPS.has(tag),
      snapshotFile: existsSync(snapshot) ? snapshot : undefined,
    };
  });
}

/** A statement without the comments before it. */
export function withoutComments(statement: string): string {
  return statement.replace(/^(?:\s*--[^\n]*\n)+/, "").trim();
}
