import { readdirSync, readFileSync } from "node:fs";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { findFreePort, isPortFree } from "../../infra/local/free-port.ts";
import { reconcile } from "../../infra/local/housekeeping.ts";
import { type DevProcess, startDev } from "../support/dev-process.ts";
import { DevProject } from "../support/dev-project.ts";
import { eventually } from "../support/eventually.ts";

let project: DevProject;
let port: number;
let ports: number[];
let dev: DevProcess | undefined;

beforeAll(async () => {
  project = new DevProject();
  ports = await findFreePorts();
  [port = 0] = ports;
});
afterAll(async () => {
  await dev?.end("SIGKILL");
  await project?.remove();
});

beforeEach(({ onTestFailed }) => onTestFailed(() => console.log(dev?.output)));

const EVENTS = 5;

test("after a kill in the middle of retries nothing runs on, and the next start delivers everything", async () => {
  dev = startDev(project.root, `--port=${port}`);
  await dev.prints(/eventhub is up/);
  for (let order = 0; order < EVENTS; order++) {
    const body = JSON.stringify({ kind: "order.paid", order, failures: 3 });
    const response = await fetch(`http://localhost:${port}/emit`, { method: "POST", body });
    expect(response.status).toBe(200);
    await response.body?.cancel();
  }
  await dev.prints(/order\.paid → BILLING attempt 1 failed/);
  expect(await takenOf(ports)).toEqual(ports);
  await dev.end("SIGKILL");
  expect(dev.output).not.toContain("BILLING complete");
  await eventually(async () => (processesOf(project.root).length === 0 ? true : undefined), "the Workers have ended");
  await eventually(async () => ((await takenOf(ports)).length === 0 ? true : undefined), "Postgres has ended, too");

  dev = startDev(project.root, `--port=${port}`);
  await dev.prints(new RegExp(`(order\\.paid → BILLING complete [\\s\\S]*){${EVENTS}}`));
  expect(dev.output).not.toMatch(/BILLING (failed|lost|misconfigured)/);
});

test("a start after a long pause calls no part of the hub forgotten", async () => {
  // The one that has delivered everything, since each start takes five Workers and a Postgres.
  dev ??= startDev(project.root, `--port=${port}`);
  await dev.prints(/eventhub is up/);
  await fetch(`http://localhost:${port}/emit`, { method: "POST", body: JSON.stringify({ kind: "order.paid" }) });
  await ask(A_PAUSE);
  await dev.end("SIGKILL");
  await eventually(async () => ((await takenOf(ports)).length === 0 ? true : undefined), "Postgres has ended");

  dev = startDev(project.root, `--port=${port}`);
  await dev.prints(/eventhub is up/);
  // Does the work of its crons, as the stack does it at its start and every minute. The second run sees what the first has found.
  await ask("create table start as select now() as at");
  for (let run = 1; run <= 2; run++) await reconcile(`http://localhost:${port}`);
  expect(await ask(BEATEN)).toBe(2);
  expect(await dev.end("SIGTERM")).toBe(0);
  expect(dev.output).not.toContain("setup.faulty");
});

test("--once emits an event that a route takes, tells of its delivery, and ends", async () => {
  dev = startDev(project.root, `--port=${port}`, "--once", "--reset");
  expect(await dev.ended).toBe(0);
  expect(dev.output).toMatch(/\nemit \{"kind":"order\.paid"\}\n/);
  expect(dev.output.match(/order\.paid → BILLING complete/g)).toHaveLength(1);
  expect([processesOf(project.root), await takenOf(ports)]).toEqual([[], []]);
});

/** Makes everything an hour old, including the heartbeats of crons that still run on this server. */
const A_PAUSE = `
  create function older() returns trigger language plpgsql as $$ begin
    if new.at > old.at and pg_postmaster_start_time() = tg_argv[0]::timestamptz then return null; end if;
    return new;
  end $$;
  do $$ begin execute format('create trigger older before update on eventhub.heartbeats for each row execute function older(%L)',
                             pg_postmaster_start_time()); end $$;
  update eventhub.heartbeats set at = at - interval '1 hour';
  update eventhub.events set created_at = created_at - interval '1 hour'`;

/** The parts that have worked since the start. */
const BEATEN = `select from eventhub.heartbeats h, start s where h.name in ('hub', 'executor') and h.at > s.at`;

/**
 * Runs a statement on the stack's own Postgres.
 *
 * @returns How many rows it returned or changed.
 */
async function ask(statement: string): Promise<number | null> {
  const client = new Client({ connectionString: `postgres://postgres:postgres@127.0.0.1:${port + 1}/eventhub` });
  await client.connect();
  try {
    return (await client.query(statement)).rowCount;
  } finally {
    await client.end();
  }
}

/** Three free ports in a row: the gateway's, and those that Postgres and the Neon endpoint then get. */
async function findFreePorts(): Promise<number[]> {
  const first = await findFreePort();
  const all = [first, first + 1, first + 2];
  return (await takenOf(all)).length === 0 ? all : await findFreePorts();
}

async function takenOf(all: readonly number[]): Promise<number[]> {
  const free = await Promise.all(all.map(isPortFree));
  return all.filter((_, index) => !free[index]);
}

/** The processes with a project's directory in the command line. For root, Postgres does not have it there. */
function processesOf(root: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        return []; // it has ended
      }
    })
    .filter((command) => command.includes(root));
}
