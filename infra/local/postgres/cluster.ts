import { existsSync } from "node:fs";
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../user-error.ts";
import { findProcess } from "../processes/processes.ts";
import { run } from "./binaries.ts";
import type { PostgresPlace } from "./place.ts";

/** The local superuser. Its password protects nothing, since the server listens only on 127.0.0.1. */
export const USER = "postgres";
/** See {@link USER}. */
export const PASSWORD = "postgres";

const INITDB_TIMEOUT_MS = 120_000;
const START_SECONDS = 60;
const STOP_SECONDS = 30;
/** Above the largest pid of any system. */
const NO_PID = 2_147_483_647;

/**
 * Creates the data directory, unless it exists.
 *
 * @throws An Error that says what to do, if the directory has another version's data or belongs to another user.
 */
export async function initialise({ binaries, dataDir, account }: PostgresPlace): Promise<void> {
  if (existsSync(join(dataDir, "PG_VERSION"))) {
    return await checkUsable(dataDir, account?.uid ?? process.getuid?.(), Number.parseInt(binaries.version, 10));
  }
  // Created in another place and then renamed, so that a kill never leaves half a cluster that looks complete.
  const fresh = `${dataDir}.new`;
  await rm(fresh, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  const passwordFile = `${fresh}.password`;
  await writeFile(passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
  if (account !== undefined) {
    await chown(fresh, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  try {
    await run(
      binaries.initdb,
      [
        `--pgdata=${fresh}`,
        `--username=${USER}`,
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        // The settings of Neon's databases. They are the same on every machine, whatever its locales are.
        "--encoding=UTF8",
        "--locale=C",
        ...(Number.parseInt(binaries.version, 10) < 17
          ? []
          : ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]),
        "--no-sync",
      ],
      account,
      INITDB_TIMEOUT_MS,
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(fresh, dataDir);
}

/** Starts the server of this data directory. Resolves when it accepts connections. The server outlives this process. */
export async function startServer(place: PostgresPlace, port: number, settings: Record<string, string>): Promise<void> {
  const log = logFile(place.dataDir);
  await rename(log, `${log}.old`).catch(() => undefined);
  const options = Object.entries({
    port: String(port),
    listen_addresses: "127.0.0.1",
    // No socket file: its path may be too long, and its directory not accessible.
    unix_socket_directories: "",
    timezone: "UTC",
    log_timezone: "UTC",
    ...settings,
  }).map(([name, value]) => `-c ${name}='${value}'`);
  const args = [
    "start",
    "--wait",
    "--silent",
    `--timeout=${START_SECONDS}`,
    `--pgdata=${place.dataDir}`,
    `--log=${log}`,
  ];
  try {
    await run(
      place.binaries.pgCtl,
      [...args, `--options=${options.join(" ")}`],
      place.account,
      (START_SECONDS + 10) * 1000,
    );
  } catch (cause) {
    const tail = (await readFile(log, "utf8").catch(() => "")).trim().split("\n").slice(-10).join("\n");
    throw new Error(`PostgreSQL did not start on port ${port}:\n${tail}`, { cause });
  }
}

/** Stops the server of this data directory, if one runs. Connections are closed, and committed data stays. */
export async function stopServer(place: PostgresPlace, mode: "fast" | "immediate" = "fast"): Promise<void> {
  if (!(await findServer(place.dataDir))) return;
  const stop = (how: string, seconds: number) =>
    run(
      place.binaries.pgCtl,
      ["stop", "--wait", "--silent", `--mode=${how}`, `--timeout=${seconds}`, `--pgdata=${place.dataDir}`],
      place.account,
      (seconds + 5) * 1000,
    );
  try {
    await stop(mode, STOP_SECONDS);
  } catch (error) {
    if (!(await findServer(place.dataDir))) return; // it ended by itself meanwhile
    if (mode === "immediate") throw error;
    await stop("immediate", STOP_SECONDS);
  }
}

/**
 * Whether a server runs on this data directory.
 *
 * Postgres refuses to start while the pid in a `postmaster.pid` exists, even if that is another program by now, or a zombie that nobody reaps. Such a
 * file gets an impossible pid. Postgres then makes its other check, for processes that still use its memory.
 */
export async function findServer(dataDir: string): Promise<boolean> {
  const file = join(dataDir, "postmaster.pid");
  const [first, ...rest] = (await readFile(file, "utf8").catch(() => "")).split("\n");
  const pid = Number(first);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const found = findProcess(pid);
  if (found?.command.includes("postgres") && found.command.includes(dataDir)) return true;
  await writeFile(file, [NO_PID, ...rest].join("\n"));
  return false;
}

/** The server's log for this data directory; the log of the previous start has the suffix `.old`. */
export function logFile(dataDir: string): string {
  return join(dataDir, "server.log");
}

async function checkUsable(dataDir: string, uid: number | undefined, major: number): Promise<void> {
  const owner = (await stat(dataDir)).uid;
  if (uid !== undefined && owner !== uid) {
    throw new UserError(`${dataDir} belongs to another user (uid ${owner}): start as that user, or with --reset`);
  }
  const version = (await readFile(join(dataDir, "PG_VERSION"), "utf8")).trim();
  if (version !== String(major))
    throw new UserError(`${dataDir} belongs to PostgreSQL ${version}, but this is ${major}: start with --reset`);
}
