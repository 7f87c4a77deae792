/**
 * `npm run bench:flow -- [--rows N]`: what it takes to admit and to record in a destination with limits or an order, beside many rows that wait
 * (default a million): straight to Postgres, so that nothing but its statements is measured. And how fair turns are, and how much of a rate is used.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { Client } from "pg";
import type { FlowRules } from "../../schema/config/destinations/flow.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { Puller } from "../support/flow.ts";
import { measureDeliveries } from "./flow-end-to-end.ts";
import { startBackend } from "./stack/start-backend.ts";
import { median } from "./statistics.ts";

const { values } = parseArgs({ options: { rows: { type: "string", default: "1000000" } } });
const ROWS = Number(values.rows);
if (!Number.isInteger(ROWS) || ROWS < 1_000)
  throw new TypeError(`--rows must be an integer from 1000, got ${values.rows}`);
const KEYS = ROWS / 10;
const ROUNDS = 30;

await using resources = new AsyncDisposableStack();
const directory = await mkdtemp(join(tmpdir(), "eventhub-bench-flow-"));
resources.defer(() => rm(directory, { recursive: true, force: true }));
const backend = await startBackend(directory);
resources.defer(() => backend.stop());
const client = new Client({ connectionString: backend.oursUrl });
await client.connect();
resources.defer(() => client.end());
const database = openDatabase({ url: backend.oursUrl, endpoint: backend.endpointUrl });

/** Rows that wait, `each` of a key. */
async function fill(destination: string, keys: number, each: number, ordered = false): Promise<void> {
  await client.query(
    `with event as (
       insert into eventhub.events (id, payload, payload_bytes) select eventhub.new_id(), '{"a":1}', 7 from generate_series(1, $2::int * $3::int) returning id
     ), numbered as (select id, row_number() over () as n from event)
     insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, flow_key, order_key, seq, waiting, head, next_attempt_at)
     select eventhub.new_id(), id, $1, 'r', 0, '{"type":"constant","interval":0}', 30,
       case when $4 then '' else 'key ' || (n % $2) end, case when $4 then 'key ' || (n % $2) end, case when $4 then nextval('eventhub.turns') end,
       not $4 or n <= $2, case when $4 and n <= $2 then true end, now() - interval '1 hour' + n * interval '1 microsecond' from numbered`,
    [destination, keys, each, ordered],
  );
  await client.query(`insert into eventhub.flow_destinations (destination) values ($1) on conflict do nothing`, [
    destination,
  ]);
  await client.query(
    `insert into eventhub.flow_keys (destination, key, ready) select distinct destination, flow_key, true from eventhub.dispatches where destination = $1 and waiting
     on conflict do nothing`,
    [destination],
  );
}

interface Timing {
  what: string;
  takeMs: number;
  worstTakeMs: number;
  endMs: number;
}

/** Takes 16 and records each with the next one, as an instance does; the time that Postgres and the way to it take. */
async function time(what: string, destination: string, rules: FlowRules): Promise<Timing> {
  const puller = new Puller(database, rules, { destination });
  const takes: number[] = [];
  const ends: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    let began = performance.now();
    const { rows } = await puller.take();
    takes.push(performance.now() - began);
    if (rows.length === 0) throw new Error(`${what}: nothing could be taken in round ${round}`);
    for (const [index, row] of rows.entries()) {
      began = performance.now();
      await puller.end(row);
      if (index === 0) ends.push(performance.now() - began);
    }
  }
  const timing = { what, takeMs: median(takes), worstTakeMs: Math.max(...takes), endMs: median(ends) };
  console.error(
    `${what}: take 16 ${timing.takeMs.toFixed(1)} ms (worst ${timing.worstTakeMs.toFixed(1)}), record one ${timing.endMs.toFixed(1)} ms`,
  );
  return timing;
}

const timings: Timing[] = [];
const FREE: FlowRules = {};
await fill("FEW", 10, 200);
timings.push(await time("10 keys, 200 rows each", "FEW", FREE));
await fill("ONE", 1, ROWS);
await client.query("analyze eventhub.dispatches");
timings.push(await time(`one key, ${ROWS} rows`, "ONE", FREE));
await fill("MANY", KEYS, 10);
await client.query("analyze eventhub.dispatches; analyze eventhub.flow_keys");
timings.push(await time(`${KEYS} keys, 10 rows each`, "MANY", FREE));
await client.query(
  `update eventhub.flow_keys set ready = false, blocked = 'rate', wake_at = now() + interval '1 hour' where destination = 'MANY' and key not in (
     select key from eventhub.flow_keys where destination = 'MANY' and ready order by key limit 100)`,
);
timings.push(await time(`of them ${KEYS - 100} at their rate`, "MANY", FREE));
await fill("ORDER", 1_000, 20, true);
timings.push(await time("ordered, 1,000 keys, 20 rows each", "ORDER", FREE));

const reader = new Client({ connectionString: backend.oursUrl });
await reader.connect();
await reader.query("begin isolation level repeatable read");
await reader.query("select 1 from eventhub.flow_keys limit 1");
timings.push(await time(`one key, ${ROWS} rows, an old snapshot open`, "ONE", FREE));
for (let n = 0; n < 20; n++) {
  const puller = new Puller(database, FREE, { destination: "ONE" });
  const { rows } = await puller.take(100);
  await Promise.all(rows.map((row) => puller.end(row)));
}
timings.push(await time("the same after 2,000 more", "ONE", FREE));
await reader.query("rollback");
await reader.end();

const table = new Table({ head: ["beside", "take 16, ms", "worst", "record one, ms"] });
for (const { what, takeMs, worstTakeMs, endMs } of timings)
  table.push([what, takeMs.toFixed(1), worstTakeMs.toFixed(1), endMs.toFixed(1)]);
console.log(table.toString());

// Fairness: fifty keys that all have more than is called, in 1,000 turns.
await fill("FAIR", 50, 100);
const fair = new Puller(database, FREE, { destination: "FAIR" });
const served = new Map<string, number>();
for (let n = 0; n < 63; n++) {
  const { rows } = await fair.take();
  for (const { flow_key: key } of rows) served.set(key ?? "", (served.get(key ?? "") ?? 0) + 1);
}
const counts = [...served.values()];
const sum = counts.reduce((total, count) => total + count, 0);
const jain = sum ** 2 / (50 * counts.reduce((total, count) => total + count ** 2, 0));
console.log(`Jain's index over 50 keys and ${sum} turns: ${jain.toFixed(4)}`);

await client.query(
  "truncate eventhub.events, eventhub.dispatches, eventhub.flow_destinations, eventhub.flow_keys, eventhub.flights cascade",
);
await measureDeliveries(directory, backend);
