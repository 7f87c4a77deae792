import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isPortFree } from "../../infra/local/free-port.ts";
import { type LocalPostgres, removePostgres, startPostgres } from "../../infra/local/postgres/postgres.ts";
import { findGroup, findProcess } from "../../infra/local/processes/processes.ts";
import { eventually } from "../support/eventually.ts";
import { postmasterOf, query } from "../support/local-postgres.ts";

const STACK = fileURLToPath(new URL("../support/killable-stack.ts", import.meta.url));

interface Started {
  kept: LocalPostgres;
  temporary: LocalPostgres;
  port: number;
  leader: number;
}

let directory: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "cf-eventhub-killed-"));
  await writeFile(join(directory, "idle.js"), `export default { fetch: () => new Response("up") };`);
  const config = { name: "idle", main: join(directory, "idle.js"), compatibility_date: "2026-10-01" };
  await writeFile(join(directory, "idle.json"), JSON.stringify(config));
});

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await removePostgres(join(directory, "postgres"));
  await rm(directory, { recursive: true, force: true });
});

async function start(...configuration: string[]): Promise<Started & { child: ChildProcess }> {
  const child = spawn(process.execPath, [STACK, directory, ...configuration], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const failed = once(child, "exit").then(() => Promise.reject(new Error("it ended at its start")));
  failed.catch(() => undefined); // later it is meant to end
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), "line"), failed])) as [string];
  return { ...(JSON.parse(line) as Started), child };
}

test("what a killed process has started ends by itself: Postgres cleanly, and the Workers with their whole group", async () => {
  const { child, kept, temporary, port, leader } = await start(join(directory, "idle.json"));
  await query(kept.url, "create table kept as select 1 as n");
  const servers = [await postmasterOf(kept), await postmasterOf(temporary)];
  expect(servers.map((pid) => findProcess(pid)?.pid)).toEqual(servers);
  expect(findGroup(leader).some(({ command }) => command.includes("workerd"))).toBe(true);
  expect(await Promise.all([kept.port, temporary.port, port].map(isPortFree))).toEqual([false, false, false]);

  child.kill("SIGKILL");
  await once(child, "exit");
  await eventually(async () => (findGroup(leader).length === 0 ? true : undefined), "the Workers have ended");
  await eventually(
    async () => (servers.every((pid) => findProcess(pid) === undefined) ? true : undefined),
    "both servers have ended",
  );
  expect(await Promise.all([kept.port, temporary.port, port].map(isPortFree))).toEqual([true, true, true]);
  await eventually(
    async () => (existsSync(temporary.dataDir) ? undefined : true),
    "the temporary data has been removed",
  );

  expect(await readFile(kept.logFile, "utf8")).toContain("database system is shut down");
  const next = await startPostgres({ dataDir: join(directory, "postgres") });
  try {
    expect(await query(next.url, "select n from kept")).toEqual([{ n: 1 }]);
  } finally {
    await next.stop();
  }
});

test("a server that the next start put on the same data is left alone", async () => {
  const killed = await start();
  const old = await postmasterOf(killed.kept);
  killed.child.kill("SIGKILL");
  const next = await startPostgres({ dataDir: join(directory, "postgres") });
  try {
    const own = await postmasterOf(next);
    await eventually(
      async () => (existsSync(killed.temporary.dataDir) ? undefined : true),
      "the temporary data has been removed",
    );
    expect(findProcess(old)).toBeUndefined();
    expect(findProcess(own)?.pid).toBe(own);
    expect(await query(next.url, "select 1 as n")).toEqual([{ n: 1 }]);
  } finally {
    await next.stop();
  }
});
