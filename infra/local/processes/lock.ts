import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { UserError } from "../../user-error.ts";
import { endWorkers } from "./orphans.ts";
import { findProcess, isSame, type ProcessInfo } from "./processes.ts";

type Identity = Pick<ProcessInfo, "pid" | "startedAt">;

/** The content of the lock file: the owner of the stack, and the process group of its Workers. */
interface Owner extends Identity {
  url: string;
  workers?: Identity;
  /** The URL of its own Postgres, once that is running. */
  database?: string;
}

/** The lock on a data directory. */
export interface StackLock {
  /** Notes the leader of the Workers' process group, for whoever must clean up after this process. */
  noteWorkers(pid: number): void;
  /** Notes the URL of the stack's own Postgres, for commands in other terminals. */
  noteDatabase(url: string): void;
  release(): Promise<void>;
}

/**
 * Makes this process the owner of the data directory, and ends what a killed owner left running.
 *
 * @throws {UserError} If another stack is running.
 */
export async function acquireLock(file: string, url: string): Promise<StackLock> {
  let owner: Owner = { ...identify(process.pid), url };
  const mine = `${file}.${process.pid}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(owner));
  try {
    // A link appears with its content. It fails if somebody else's exists.
    while (!linked(mine, file)) await takeOver(file, mine);
  } finally {
    await rm(mine, { force: true });
  }
  // Synchronous: a kill between start and note would leave processes that nobody knows.
  const note = (known: Partial<Owner>) => {
    owner = { ...owner, ...known };
    writeFileSync(mine, JSON.stringify(owner));
    renameSync(mine, file);
  };
  return {
    noteWorkers: (pid) => note({ workers: identify(pid) }),
    noteDatabase: (url) => note({ database: url }),
    release: () => rm(file, { force: true }),
  };
}

/** The URL of the Postgres of the stack with this lock; `undefined` if none is running, or if the stack uses another one. */
export function runningDatabase(file: string): string | undefined {
  const { owner } = read(file);
  return owner !== undefined && isSame(owner) ? owner.database : undefined;
}

/** Synchronous: between moving a lock and moving it back, nobody else in this process may take its place. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function takeOver(file: string, mine: string): Promise<void> {
  const found = read(file);
  if (found.owner !== undefined && isSame(found.owner)) {
    const { pid, url } = found.owner;
    throw new UserError(`A stack is already running: use ${url}, or stop it (Ctrl-C in its terminal, or kill ${pid}).`);
  }
  if (found.owner?.workers !== undefined) await endWorkers(found.owner.workers);
  const stale = `${mine}.stale`;
  try {
    renameSync(file, stale);
  } catch {
    return; // gone: another start was faster
  }
  // The moved file may by now be the lock of that other start. Then it is moved back, and the next look finds it alive.
  if (read(stale).text !== found.text) linked(stale, file);
  await rm(stale, { force: true });
}

function read(file: string): { text: string; owner: Owner | undefined } {
  let text = "";
  try {
    text = readFileSync(file, "utf8");
    return { text, owner: JSON.parse(text) as Owner };
  } catch {
    return { text, owner: undefined };
  }
}

function identify(pid: number): Identity {
  const { startedAt } = findProcess(pid) ?? { startedAt: "" };
  return { pid, startedAt };
}
