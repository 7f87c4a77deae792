/**
 * A process that ends what this one has started when this one is gone, however it ended: the two share a pipe, and nothing but the death of this
 * process closes it. Run by itself, this file is that process.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { endOrphan, type Orphan } from "./orphans.ts";

const FILE = fileURLToPath(import.meta.url);

/** A line of the pipe: what is to be ended from now on, or what is so no more. */
type Line = { id: string; orphan?: Orphan };

let watchdog: ChildProcess | undefined;

/**
 * Has something ended when this process is gone. To be called at once where it is started, before anything is awaited.
 *
 * @returns To be called when it has been stopped.
 */
export function guard(orphan: Orphan): () => void {
  const id = randomUUID();
  tell({ id, orphan });
  return () => tell({ id });
}

function tell(line: Line): void {
  watchdog ??= start();
  // Written at once, as far as the pipe takes it: a kill in the next moment finds it there.
  watchdog.stdin?.write(`${JSON.stringify(line)}\n`);
}

function start(): ChildProcess {
  // In a session of its own: a Ctrl-C, or the end of the terminal, is not for it.
  const child = spawn(process.execPath, [FILE], { cwd: "/", detached: true, stdio: ["pipe", "ignore", "ignore"] });
  // Without it everything runs as well; only a kill would leave something behind, until the next start.
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  // It shall not keep this process alive.
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}

async function watch(): Promise<void> {
  const orphans = new Map<string, Orphan>();
  for await (const text of createInterface({ input: process.stdin })) {
    const { id, orphan } = JSON.parse(text) as Line;
    if (orphan === undefined) orphans.delete(id);
    else orphans.set(id, orphan);
  }
  // The last first: Workers before the database that they use.
  for (const orphan of [...orphans.values()].reverse()) await endOrphan(orphan).catch(() => undefined);
}

if (process.argv[1] === FILE) await watch();
