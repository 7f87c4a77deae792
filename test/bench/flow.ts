/** `npm run bench:flow`: destinations with limits or an order. It runs directly on Postgres, so that only the statements are measured. */
import { Client } from "pg";
import { integerOption } from "../../infra/cli/number-option.ts";
import { parseOptions, readCall } from "../../infra/cli/script-call.ts";
import type { FlowRules } from "../../schema/config/destinations/flow.ts";
import { Puller } from "../support/flow-database.ts";
import { measureDeliveries } from "./flow-end-to-end.ts";
import { startStatements } from "./stack/statements.ts";
import { median } from "./statistics.ts";

const HELP = `npm run bench:flow -- [--rows N]

What it takes to admit and to record in a destination with limits or an order,
while many rows wait; how fair turns are; how much of a rate is used.

  --rows N  how many rows wait (default 1000000)
  --help    this`;

const ROWS = readCall({ name: "bench:flow", help: HELP }, (args) =>
  integerOption("rows", parseOptions(args, { rows: { type: "string", default: "1000000" } }).rows, 1_000, 100_000_000),
);
const KEYS = ROWS / 10;
const ROUNDS = 30;

/** Keys that are not at their rate, beside many that are: with more rows than two measurements take. */
const READY = 200;

await using resources = new AsyncDisposableStack();
const { directory, backend, client, database } = await startStatements(resources);

/** Inserts rows that wait, `each` per key. */
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

/**
 * Takes 16 dispatches and records each of them. Measures the time of Postgres and of the way to it.
 */
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
     select key from eventhub.flow_keys where destination = 'MANY' and ready order by key limit ${READY})`,
);
timings.push(await time(`of them ${KEYS - READY} at their rate, all in this moment`, "MANY", FREE));
await client.query("vacuum eventhub.flow_keys");
timings.push(await time("the same after autovacuum's work", "MANY", FREE));
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

await client.query(
  "truncate eventhub.events, eventhub.dispatches, eventhub.flow_destinations, eventhub.flow_keys, eventhub.flights cascade",
);
const deliveries = await measureDeliveries(directory, backend);

// As a page can have it.
const cells = (...values: readonly string[]) => `| ${values.join(" | ")} |`;
console.log(
  [
    cells("beside", "take 16", `worst of ${ROUNDS}`, "record one"),
    cells("---", "--:", "--:", "--:"),
    ...timings.map(({ what, takeMs, worstTakeMs, endMs }) =>
      cells(what, ...[takeMs, worstTakeMs, endMs].map((ms) => `${ms.toFixed(1)} ms`)),
    ),
    "",
    cells("measured", "result"),
    cells("---", "---"),
    ...deliveries.map((line) => cells(...line)),
    cells(`Jain's index over 50 keys and ${sum} turns`, jain.toFixed(4)),
  ].join("\n"),
);
