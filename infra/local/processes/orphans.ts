import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endProcesses, findGroup, findProcess, type ProcessInfo } from "./processes.ts";

/** The leader of a process group of Workers. */
export interface WorkersGroup extends Pick<ProcessInfo, "pid" | "startedAt"> {
  kind: "workers";
}

/** A Postgres, known by its data and by a mark in its command line: the next start may have put another one on the same data. */
export interface OrphanPostgres {
  kind: "postgres";
  dataDir: string;
  mark: string;
  /** What goes with it; of a temporary one. */
  removable: string | undefined;
}

/** A directory of temporary files. */
export interface OrphanDirectory {
  kind: "directory";
  path: string;
}

/** What a process that is gone may have left behind. */
export type Orphan = WorkersGroup | OrphanPostgres | OrphanDirectory;

/** How long a Postgres that was just being started may take to say its pid. */
const APPEAR_MS = 5_000;
/** After which Postgres is not waited for any longer: it then recovers at its next start. */
const STOP_MS = 30_000;
const POLL_MS = 50;

/** Ends what is left of it, if it is still what it was. */
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

/** Ends what is left of a process group of Workers. */
export async function endWorkers(leader: Pick<ProcessInfo, "pid" | "startedAt">): Promise<void> {
  const group = findGroup(leader.pid);
  const first = group.find(({ pid }) => pid === leader.pid);
  // While a group has members, no new process gets its number. So a leader of another start time leads somebody else's.
  if (first !== undefined && first.startedAt !== leader.startedAt) return;
  await endProcesses(group.filter(({ command }) => /wrangler|workerd|esbuild/.test(command)));
}

async function endPostgres({ dataDir, mark, removable }: OrphanPostgres): Promise<void> {
  const postmaster = await appeared(dataDir, mark);
  if (postmaster !== undefined) {
    // What `pg_ctl stop` sends, for a shutdown that cuts connections and is clean, or for one that is only quick.
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
    // Gone in between, which is what was wanted.
  }
}
