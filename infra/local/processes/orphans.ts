import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endProcesses, findGroup, findProcess, type ProcessInfo } from "./processes.ts";

/** The leader of a process group of Workers. */
export interface WorkersGroup extends Pick<ProcessInfo, "pid" | "startedAt"> {
  kind: "workers";
}

/** A Postgres, recognised by its data and by a mark in its command line: the next start may have put another one on the same data. */
export interface OrphanPostgres {
  kind: "postgres";
  dataDir: string;
  mark: string;
  /** The directory to remove with it, if it is temporary. */
  removable: string | undefined;
}

/** A directory of temporary files. */
export interface OrphanDirectory {
  kind: "directory";
  path: string;
}

/** Anything that a dead process may have left behind. */
export type Orphan = WorkersGroup | OrphanPostgres | OrphanDirectory;

/** How long a Postgres that was just starting may take to write its pid. */
const APPEAR_MS = 5_000;
/** How long to wait for Postgres to stop. After that, it recovers at its next start. */
const STOP_MS = 30_000;
const POLL_MS = 50;

/** Ends an orphan, if it is still the same. */
export async function endOrphan(orphan: Orphan): Promise<void> {
  switch (orphan.kind) {
    case "workers":
      return await endWorkers(orphan);
    case "postgres":
      return await endPostgres(orphan);
    case "directory":
      return await rm(orphan.path, { recursive: true, force: true });
  }
}

/** Ends the rest of a process group of Workers. */
export async function endWorkers(leader: Pick<ProcessInfo, "pid" | "startedAt">): Promise<void> {
  const group = findGroup(leader.pid);
  const first = group.find(({ pid }) => pid === leader.pid);
  // While a group has members, no new process gets its number. So a leader with another start time leads somebody else's group.
  if (first !== undefined && first.startedAt !== leader.startedAt) return;
  await endProcesses(group.filter(({ command }) => /wrangler|workerd|esbuild/.test(command)));
}

async function endPostgres({ dataDir, mark, removable }: OrphanPostgres): Promise<void> {
  const postmaster = await appeared(dataDir, mark);
  if (postmaster !== undefined) {
    // The signals of `pg_ctl stop`: for a clean shutdown that closes connections, or for one that is only fast.
    signal(postmaster.pid, removable === undefined ? "SIGINT" : "SIGQUIT");
    if (!(await ended(postmaster, STOP_MS))) signal(postmaster.pid, "SIGQUIT");
    await ended(postmaster, STOP_MS);
  }
  if (removable !== undefined) await rm(removable, { recursive: true, force: true });
}

async function appeared(dataDir: string, mark: string): Promise<ProcessInfo | undefined> {
  for (const deadline = Date.now() + APPEAR_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    const [pid] = (await readFile(join(dataDir, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
    const found = Number(pid) > 0 ? findProcess(Number(pid)) : undefined;
    if (found?.command.includes(mark)) return found;
  }
  return undefined;
}

async function ended({ pid, startedAt }: ProcessInfo, withinMs: number): Promise<boolean> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(POLL_MS)) {
    if (findProcess(pid)?.startedAt !== startedAt) return true;
  }
  return false;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile, as intended.
  }
}
