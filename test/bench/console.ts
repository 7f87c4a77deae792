/** `npm run bench:console`: the console, an operator's tasks and the commands beside made-up dispatches. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { createTestHarness } from "wrangler";
import { integerOption } from "../../infra/cli/number-option.ts";
import { parseOptions, readCall } from "../../infra/cli/script-call.ts";
import { launchChromium } from "../browser/support/chromium.ts";
import { consoleWorker } from "../support/console-worker.ts";
import { makeHistory } from "./console/history.ts";
import { findKnown, LIMITS, type PageAsked, pagesAfter, pagesOf } from "./console/pages.ts";
import { commandTable, pageTable, taskTable } from "./console/print.ts";
import { runCommands } from "./console/run-commands.ts";
import { runTasks } from "./console/run-tasks.ts";
import { type Timing, timePage } from "./console/time-page.ts";
import { startBackend } from "./stack/start-backend.ts";

const HELP = `npm run bench:console -- [--dispatches N] [--older-events N] [--rounds N]
                        [--only TEXT] [--every N]
                        [--database URL --endpoint URL]

How long the console's pages take, from the request to the last byte and in
Chromium until a page answers to a person; how many clicks and how much time an
operator's tasks take; how long commands take.

  --dispatches N    made-up dispatches (default 1000000)
  --older-events N  bare events before them, to see what an index of payloads is
                    worth (default 0)
  --rounds N        requests a page after the first (default 10)
  --only TEXT       only pages with this in their path; no tasks, no commands
  --every N         only every N-th page (default 1)
  --database URL --endpoint URL
                    a database that an earlier run has filled, and its Neon
                    endpoint: to measure again after a change
  --help            this`;

const { values, wanted, rounds, every } = readCall({ name: "bench:console", help: HELP }, (args) => {
  const values = parseOptions(args, {
    dispatches: { type: "string", default: "1000000" },
    "older-events": { type: "string", default: "0" },
    rounds: { type: "string", default: "10" },
    only: { type: "string", default: "" },
    every: { type: "string", default: "1" },
    database: { type: "string" },
    endpoint: { type: "string" },
  });
  const integer = (name: "dispatches" | "older-events" | "rounds" | "every", least: number) =>
    integerOption(name, values[name], least, 100_000_000);
  const wanted = { dispatches: integer("dispatches", 1), olderEvents: integer("older-events", 0) };
  return { values, wanted, rounds: integer("rounds", 1), every: integer("every", 1) };
});

await using resources = new AsyncDisposableStack();
const backend = await findBackend();
const client = new Client({ connectionString: backend.oursUrl });
await client.connect();
resources.defer(() => client.end());
const postgresPid = await pidOf(client);
const made = values.database === undefined ? await makeHistory(client, backend.oursUrl, wanted) : undefined;

const vars = { DATABASE_URL: backend.oursUrl, DATABASE_ENDPOINT: backend.endpointUrl };
const harness = createTestHarness({
  workers: [
    consoleWorker("console", { LOCAL_ACTOR: "bench" }),
    {
      config: {
        name: "hub",
        main: join(import.meta.dirname, "../../workers/hub/worker.ts"),
        compatibility_date: "2026-10-30",
        vars,
        queues: { producers: [{ binding: "EVENTHUB_QUEUE", queue: "bench" }] },
      },
    },
  ],
});
const { url } = await harness.listen();
resources.defer(() => harness.close());
const browser = await launchChromium();
resources.defer(() => browser.close());

const timings = await timeAll(pagesOf(await findKnown(client)));
const whole = values.only === "";
const tasks = whole ? await runTasks(browser, url.href, client) : undefined;
if (tasks !== undefined) timings.push(...(await timeAll(pagesAfter(tasks.operation))));
const commands = whole ? await runCommands(client, { ...process.env, ...vars }) : [];

console.log(
  `${(made?.dispatches ?? wanted.dispatches).toLocaleString("en-US")} dispatches; ${rounds} requests a page after the first`,
);
console.log(pageTable(timings));
if (tasks !== undefined) console.log(taskTable(tasks.timings));
if (commands.length > 0) console.log(commandTable(commands));
if (made !== undefined)
  console.log(`${made.events.toLocaleString("en-US")} events; their indexes took ${made.indexSeconds.toFixed(0)} s`);
console.log(
  JSON.stringify({ bench: "console", ...made, limits: LIMITS, timings, tasks: tasks?.timings ?? [], commands }),
);

async function findBackend(): Promise<{ oursUrl: string; endpointUrl: string }> {
  const { database, endpoint } = values;
  if (database !== undefined && endpoint !== undefined) return { oursUrl: database, endpointUrl: endpoint };
  const directory = await mkdtemp(join(tmpdir(), "eventhub-bench-console-"));
  resources.defer(() => rm(directory, { recursive: true, force: true }));
  const started = await startBackend(directory);
  resources.defer(() => started.stop());
  return started;
}

/** The process id of the server's first process. */
async function pidOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: string }>(
    "select split_part(pg_read_file('postmaster.pid'), e'\\n', 1) as pid",
  );
  return Number(rows[0]?.pid);
}

async function timeAll(pages: readonly PageAsked[]): Promise<Timing[]> {
  const timed: Timing[] = [];
  for (const [n, page] of pages.entries()) {
    if (!page.path.includes(values.only) || n % every !== 0) continue;
    const timing = await timePage(browser, url.href, page, { rounds, postgresPid });
    timed.push(timing);
    const { serverMs, databaseMs, path } = timing;
    console.error(
      `${serverMs.toFixed(0).padStart(6)} ms, of the database ${databaseMs.toFixed(0).padStart(4)} ${path}`,
    );
  }
  return timed;
}
