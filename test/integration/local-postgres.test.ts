import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PortTakenError } from "../../infra/local/port-taken.ts";
import { type LocalPostgres, removePostgres, startPostgres } from "../../infra/local/postgres/postgres.ts";
import { findProcess } from "../../infra/local/processes/processes.ts";
import { postmasterOf, query } from "../support/local-postgres.ts";

// In a directory that only its owner may enter, as `mktemp -d` makes it: the hardest place for root. All tests share it, with tables of different
// names, since a cluster takes longer to make than to start.
let directory: string;
let running: LocalPostgres | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "cf-eventhub-closed-"));
});

afterEach(async () => {
  await running?.stop();
  running = undefined;
});
afterAll(async () => {
  await removePostgres(join(directory, "postgres"));
  await rm(directory, { recursive: true });
});

async function start(): Promise<LocalPostgres> {
  running = await startPostgres({ dataDir: join(directory, "postgres") });
  return running;
}

describe("the local Postgres", () => {
  it("keeps its data from one start to the next", async () => {
    const first = await start();
    await query(first.url, "create table kept as select 1 as n");
    await first.stop();
    await first.stop();
    expect(await query((await start()).url, "select n from kept")).toEqual([{ n: 1 }]);
  });

  it("is as safe as a kept one if this is requested, although its data is removed at the end", async () => {
    const safe = await startPostgres({ fast: false });
    try {
      const names = ["autovacuum", "fsync", "full_page_writes", "synchronous_commit"];
      const settings = `select name, setting from pg_settings where name in ('${names.join("', '")}') order by name`;
      expect(await query(safe.url, settings)).toEqual(names.map((name) => ({ name, setting: "on" })));
    } finally {
      await safe.stop();
    }
    expect(existsSync(safe.dataDir)).toBe(false);
  });

  it("ends the server that a killed run left, and goes on with its data", async () => {
    const left = await start();
    const pid = await postmasterOf(left);
    await query(left.url, "create table left_by_a_kill as select 1 as n");
    const next = await start(); // `left` was never stopped
    expect(findProcess(pid)).toBeUndefined();
    expect(await query(next.url, "select n from left_by_a_kill")).toEqual([{ n: 1 }]);
  });

  it("recovers from a server that was killed itself", async () => {
    const killed = await start();
    await query(killed.url, "create table recovered as select 1 as n");
    process.kill(await postmasterOf(killed), "SIGKILL");
    expect(await query((await start()).url, "select n from recovered")).toEqual([{ n: 1 }]);
  });

  it("is not misled by a postmaster.pid whose pid is another program's now", async () => {
    const first = await start();
    const file = join(first.dataDir, "postmaster.pid");
    const text = await readFile(file, "utf8");
    await first.stop();
    await writeFile(file, text.replace(/^\d+/, String(process.pid)));
    expect(await query((await start()).url, "select 1 as n")).toEqual([{ n: 1 }]);
  });

  it("says which port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
      const refused = startPostgres({ dataDir: join(directory, "postgres"), port });
      await expect(refused).rejects.toThrow(new PortTakenError(port));
    } finally {
      server.close();
    }
  });

  it("removes the data of a temporary one", async () => {
    const temporary = await startPostgres();
    await temporary.stop();
    await expect(readFile(join(temporary.dataDir, "PG_VERSION"))).rejects.toThrow("ENOENT");
  });
});
