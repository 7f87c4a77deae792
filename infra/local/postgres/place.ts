import { createHash } from "node:crypto";
import { chown, cp, lstat, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { canEnter, canRun, findAccount } from "./account.ts";
import { type Account, type BinariesOptions, findBinaries, homeOf, type PostgresBinaries, run } from "./binaries.ts";

/** Where a Postgres keeps its data, and who runs it. */
export interface PostgresPlace {
  binaries: PostgresBinaries;
  dataDir: string;
  /** The directory to remove with the data. */
  removable: string;
  /** `undefined`: the user of this process. */
  account: Account | undefined;
}

/**
 * Finds a place for data that the caller wants in `dataDir`, or a new temporary one.
 *
 * If another user runs Postgres (see {@link findAccount}) and cannot enter that directory, or that of the binaries, a place below the system's
 * temporary directory replaces it. It is the same each time, so the data persists as long as the system keeps it.
 */
export async function findPlace(dataDir: string | undefined, options?: BinariesOptions): Promise<PostgresPlace> {
  const account = await findAccount();
  const binaries = await reachableBinaries(account, options);
  if (dataDir === undefined) {
    const temporary = await mkdtemp(join(await temporaryRoot(account), "cf-eventhub-postgres-"));
    if (account !== undefined) await chown(temporary, account.uid, account.gid);
    return { binaries, account, dataDir: join(temporary, "data"), removable: temporary };
  }
  const wanted = resolve(dataDir);
  await mkdir(dirname(wanted), { recursive: true });
  if (await canEnter(dirname(wanted), account)) {
    return { binaries, account, dataDir: wanted, removable: wanted };
  }
  const standIn = join(await temporaryRoot(account), `cf-eventhub-${shortHash(wanted)}`);
  await ownDirectory(standIn, account);
  return { binaries, account, dataDir: join(standIn, "postgres"), removable: standIn };
}

async function reachableBinaries(account: Account | undefined, options?: BinariesOptions): Promise<PostgresBinaries> {
  const installed = await findBinaries(options);
  if (await canRun(installed.initdb, account)) return installed;
  const home = homeOf(installed);
  // One copy for all clones of this version. It is ours, so nobody else can have put other programs there.
  const copy = join(await temporaryRoot(account), `cf-eventhub-binaries-${installed.version}`);
  const binaries = { ...installed, initdb: join(copy, "bin/initdb"), pgCtl: join(copy, "bin/pg_ctl") };
  if (!(await isOwnDirectory(copy))) {
    // Copied to another place and then renamed, so that a start that dies here never leaves half a copy.
    const fresh = await mkdtemp(`${copy}-`);
    // Without the static libraries: nothing here links them, and they are a third of the size.
    await cp(home, join(fresh, "home"), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith(".a"),
    });
    await run("chmod", ["-R", "a+rX", join(fresh, "home")], undefined, 30_000); // npm may have run with a strict umask
    await rename(join(fresh, "home"), copy).catch(async (error) => {
      if (!(await isOwnDirectory(copy))) throw error; // otherwise another start was faster
    });
    await rm(fresh, { recursive: true, force: true });
  }
  if (await canRun(binaries.initdb, account)) return binaries;
  throw new Error(
    `PostgreSQL does not start from ${copy} (is the temporary directory mounted noexec?): set TMPDIR, or DATABASE_URL`,
  );
}

async function temporaryRoot(account: Account | undefined): Promise<string> {
  for (const candidate of new Set([tmpdir(), "/tmp", "/var/tmp"])) {
    if (await canEnter(candidate, account)) return candidate;
  }
  throw new Error("PostgreSQL's user cannot enter any temporary directory: start as an ordinary user");
}

async function ownDirectory(path: string, account: Account | undefined): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  const found = await lstat(path);
  const ours = found.uid === process.getuid?.() || found.uid === account?.uid;
  // Names below a shared temporary directory can be guessed, so we never use what somebody else put there.
  if (!found.isDirectory() || !ours) throw new Error(`${path} belongs to another user: remove it`);
  if (account !== undefined) await chown(path, account.uid, account.gid);
}

async function isOwnDirectory(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return false;
  if (!found.isDirectory() || found.uid !== process.getuid?.())
    throw new Error(`${path} was not created by this program: remove it`);
  return true;
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
