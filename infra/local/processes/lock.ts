import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { UserError } from "../../user-error.ts";
import { endWorkers } from "./orphans.ts";
import { findProcess, isSame, type ProcessInfo } from "./processes.ts";

type Identity = Pick<ProcessInfo, "pid" | "startedAt">;

/** What the lock file says: whose stack it is, and which process group its Workers are. */
interface Owner extends Identity {
  url: string;
  workers?: Identity;
}

/** The lock on a data directory. */
export interface StackLock {
  /** Notes the leader of the Workers' process group, for whoever has to clean up after this process. */
  noteWorkers(pid: number): void;
  release(): Promise<void>;
}

/**
 * Makes this process the owner of the data directory, and ends what a killed owner left running.
 *
 * @throws {UserError} If a stack is alive.
 */
export async function acquireLock(file: string, url: string): Promise<StackLock> {
  const owner: Owner = { ...identify(process.pid), url };
  const mine = `${file}.${process.pid}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(owner));
  try {
    // A link appears with its content, or not at all because somebody else's is there.
    while (!linked(mine, file)) await takeOver(file, mine);
  } finally {
    await rm(mine, { force: true });
  }
  return {
    noteWorkers: (pid) => {
      // At once, not in a later turn: a kill between start and note would leave processes that nobody knows.
      writeFileSync(mine, JSON.stringify({ ...owner, workers: identify(pid) } satisfies Owner));
      renameSync(mine, file);
    },
    release: () => rm(file, { force: true }),
  };
}

/** Not in a later turn: between a lock's move and its way back nobody else of this process may take its place. */
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
    throw new UserError(`A stack is running already: use ${url}, or stop it (Ctrl-C where it runs, or kill ${pid}).`);
  }
  if (found.owner?.workers !== undefined) await endWorkers(found.owner.workers);
  const stale = `${mine}.stale`;
  try {
    renameSync(file, stale);
  } catch {
    return; // gone: another start took over first
  }
  // What was moved may by now be the lock of that other start: then it goes back, and the next look finds it alive.
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
