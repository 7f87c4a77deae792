import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOurs } from "./ours.ts";
import { startPeer } from "./peer.ts";
import { type Backend, startBackend } from "./start-backend.ts";
import type { System } from "./system.ts";

/** Both systems, once they run. */
export interface Stack {
  backend: Backend;
  ours: System;
  peer: System;
  /** Whether everything is on a RAM disk. */
  ramDisk: boolean;
  stop(): Promise<void>;
}

const RAM_DISK = "/dev/shm";

/**
 * Starts Postgres, the endpoint and a `wrangler dev` for each system, on a RAM disk if there is one. If a part fails, the others are stopped; at the
 * end, `resources` stops them all.
 */
export async function startStack(resources: AsyncDisposableStack): Promise<Stack> {
  const ramDisk = existsSync(RAM_DISK);
  const directory = mkdtempSync(join(ramDisk ? RAM_DISK : tmpdir(), "cf-eventhub-bench-"));
  chmodSync(directory, 0o755); // Postgres may run as another user
  const [oursDirectory, peerDirectory] = [join(directory, "ours"), join(directory, "peer")];
  // At the exit of this process, the files of Postgres must stay: it stops later, and removes them itself.
  const removeWorkers = () => {
    for (const part of [oursDirectory, peerDirectory]) rmSync(part, { recursive: true, force: true });
  };
  process.once("exit", removeWorkers);
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    await Promise.allSettled(started.splice(0).map((part) => part.stop()));
    process.off("exit", removeWorkers);
    rmSync(directory, { recursive: true, force: true });
  };
  resources.defer(stop);
  const note = <T extends { stop(): Promise<void> }>(part: T): T => {
    started.push(part);
    return part;
  };
  try {
    const backend = note(await startBackend(directory));
    const [ours, peer] = await Promise.allSettled([
      startOurs(oursDirectory, backend).then(note),
      startPeer(peerDirectory, backend).then(note),
    ]);
    if (ours.status === "rejected") throw ours.reason;
    if (peer.status === "rejected") throw peer.reason;
    return { backend, ours: ours.value, peer: peer.value, ramDisk, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
