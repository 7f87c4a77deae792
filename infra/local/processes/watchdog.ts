/**
 * A process that ends what this one has started once this one is gone, for whatever reason: they share a pipe, and only the death of this process
 * closes it. If this file is run by itself, it is that process.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { endOrphan, type Orphan } from "./orphans.ts";

const FILE = fileURLToPath(import.meta.url);

/** A line of the pipe: something to end from now on, or something that need not be ended any more. */
type Line = { id: string; orphan?: Orphan };

let watchdog: ChildProcess | undefined;

/**
 * Makes the watchdog end something when this process is gone. Call it immediately after the start, before anything is awaited.
 *
 * @returns A function to call when it has been stopped.
 */
export function guard(orphan: Orphan): () => void {
  const id = randomUUID();
  tell({ id, orphan });
  return () => tell({ id });
}

function tell(line: Line): void {
  watchdog ??= start();
  // Written immediately, as far as the pipe takes it, so that it is there even after a kill in the next moment.
  watchdog.stdin?.write(`${JSON.stringify(line)}\n`);
}

function start(): ChildProcess {
  // In its own session, so that Ctrl-C or the end of the terminal does not reach it.
  const child = spawn(process.execPath, [FILE], { cwd: "/", detached: true, stdio: ["pipe", "ignore", "ignore"] });
  // Everything also runs without it. Only a kill would leave something behind, until the next start.
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  // It must not keep this process alive.
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
  // The last one first: Workers before the database that they use.
  for (const orphan of [...orphans.values()].reverse()) await endOrphan(orphan).catch(() => undefined);
}

if (process.argv[1] === FILE) await watch();
