import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acquireLock, runningDatabase } from "../../infra/local/processes/lock.ts";
import { findProcess } from "../../infra/local/processes/processes.ts";

const URL = "http://localhost:3041";
let directory: string;
let file: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "cf-eventhub-lock-"));
  file = join(directory, "stack.json");
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(directory, { recursive: true });
});

/** Starts a process group of its own whose command line contains `name`, like that of a Worker. */
async function startGroup(name: string): Promise<number> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log('up')", name], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(child);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child.pid ?? 0;
}

/** Leaves the files of a stack that was killed, whose owner is gone. */
async function leave(workers: { pid: number; startedAt: string }): Promise<void> {
  await writeFile(file, JSON.stringify({ pid: 2_147_483_647, startedAt: "1", url: URL, workers }));
}

describe("the lock of the local stack", () => {
  it("is one process's at a time, and free again when released", async () => {
    const lock = await acquireLock(file, URL);
    await expect(acquireLock(file, URL)).rejects.toThrow(
      `A stack is already running: use ${URL}, or stop it (Ctrl-C in its terminal, or kill ${process.pid}).`,
    );
    await lock.release();
    await (await acquireLock(file, URL)).release();
    expect(await readdir(directory)).toEqual([]);
  });

  it("goes to one of those who want it at once, also from a dead owner", async () => {
    for (let round = 0; round < 50; round += 1) {
      await leave({ pid: 2_147_483_647, startedAt: "1" });
      const results = await Promise.allSettled([
        acquireLock(file, URL),
        acquireLock(file, URL),
        acquireLock(file, URL),
      ]);
      // All three are this process, so all but the first find a living owner.
      expect(results.map((result) => (result.status === "fulfilled" ? "mine" : String(result.reason))).sort()).toEqual([
        expect.stringContaining("A stack is already running"),
        expect.stringContaining("A stack is already running"),
        "mine",
      ]);
    }
  });

  it("survives a lock file that is no JSON", async () => {
    await writeFile(file, "{");
    await (await acquireLock(file, URL)).release();
  });

  it("ends the Workers that a killed owner left", async () => {
    const pid = await startGroup("workerd");
    await leave({ pid, startedAt: findProcess(pid)?.startedAt ?? "" });
    await acquireLock(file, URL);
    expect(findProcess(pid)).toBeUndefined();
  });

  it("leaves a process alone that got the pid of a Worker later", async () => {
    const pid = await startGroup("workerd");
    await leave({ pid, startedAt: "another time" });
    await acquireLock(file, URL);
    expect(findProcess(pid)).toMatchObject({ pid });
  });

  it("leaves a process alone that is no Worker", async () => {
    const pid = await startGroup("somebody-elses");
    await leave({ pid, startedAt: findProcess(pid)?.startedAt ?? "" });
    await acquireLock(file, URL);
    expect(findProcess(pid)).toMatchObject({ pid });
  });

  it("notes the Workers for whoever comes after", async () => {
    const lock = await acquireLock(file, URL);
    const pid = await startGroup("workerd");
    lock.noteWorkers(pid);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
      pid: process.pid,
      startedAt: findProcess(process.pid)?.startedAt,
      url: URL,
      workers: { pid, startedAt: findProcess(pid)?.startedAt },
    });
    expect(await readdir(directory)).toEqual(["stack.json"]);
  });

  it("says to commands of other terminals where the stack's Postgres is, as long as it runs", async () => {
    expect(runningDatabase(file)).toBeUndefined();
    const lock = await acquireLock(file, URL);
    expect(runningDatabase(file)).toBeUndefined();
    lock.noteDatabase("postgres://postgres:postgres@127.0.0.1:3042/eventhub");
    lock.noteWorkers(await startGroup("workerd"));
    expect(runningDatabase(file)).toBe("postgres://postgres:postgres@127.0.0.1:3042/eventhub");
    await lock.release();
    expect(runningDatabase(file)).toBeUndefined();
    await writeFile(
      file,
      JSON.stringify({ pid: 2_147_483_647, startedAt: "1", url: URL, database: "postgres://gone" }),
    );
    expect(runningDatabase(file)).toBeUndefined();
  });
});
