/** `npm run bench:scale`: the hub's own code and the executor's statements on Postgres, without Workers, beside up to millions of dispatches. */
import { randomUUID } from "node:crypto";
import Table from "cli-table3";
import { WrongCall } from "../../infra/cli/exit.ts";
import { parseOptions, readCall } from "../../infra/cli/script-call.ts";
import type { RouteInput } from "../../schema/config/routes.ts";
import { claimDispatches } from "../../schema/queries/dispatches/claim-dispatches.ts";
import { findToRescue } from "../../schema/queries/dispatches/find-to-rescue.ts";
import { recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import { requeueUnclaimed } from "../../schema/queries/dispatches/requeue-unclaimed.ts";
import { findNextLook } from "../../schema/queries/setup/find-next-look.ts";
import { emit } from "../../workers/hub/emit/emit.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { startStatements } from "./stack/statements.ts";
import { median } from "./statistics.ts";

const HELP = `npm run bench:scale -- [--rows N,N,...]

Whether a dispatch costs the same however many there have been. After the last
size, it measures again with 1,000 destinations and 10,000 routes.

  --rows N,N,...  the sizes (default 10000,100000,1000000,5000000)
  --help          this`;

const SIZES = readCall({ name: "bench:scale", help: HELP }, (args) => {
  const { rows } = parseOptions(args, { rows: { type: "string", default: "10000,100000,1000000,5000000" } });
  const sizes = rows.split(",").map(Number);
  if (sizes.every((size, n) => Number.isInteger(size) && size >= 1_000 && size > (sizes[n - 1] ?? 0))) return sizes;
  throw new WrongCall(`--rows must be rising integers from 1000, got ${JSON.stringify(rows)}`);
});
const ROUNDS = 30;
const GROUP = 100;
const FILL = 100_000;

await using resources = new AsyncDisposableStack();
const { client, database } = await startStatements(resources);
// `emit()` logs each call.
console.info = () => undefined;

/** Inserts delivered dispatches, one every 100 ms until a minute ago, spread over ten destinations. */
async function fill(from: number, to: number): Promise<void> {
  await client.query("set session_replication_role = replica");
  for (let first = from + 1; first <= to; first += FILL) {
    const last = Math.min(to, first + FILL - 1);
    await client.query(
      `with made as (
         insert into eventhub.events (id, payload, payload_bytes, created_at)
         select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, jsonb_build_object('n', n, 'text', repeat('lorem ipsum ', 20)), 260,
           now() - interval '1 minute' - ($2::int - n) * interval '100 milliseconds'
         from generate_series($1::int, $2::int) n returning id, created_at
       ), dispatched as (
         insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, status, workflow, instance_id, attempts,
           next_attempt_at, created_at, resulted_at)
         select id, id, 'D' || abs(hashtext(id::text)) % 10, 'r', 5, '{"type":"constant","interval":5}', 30, 'complete', 'DISPATCH', id::text, 1, created_at, created_at, created_at
         from made
       )
       insert into eventhub.executions (dispatch_id, attempt, result, instance_id, started_at, finished_at)
       select id, 1, 'complete', id::text, created_at, created_at from made`,
      [first, last],
    );
    await client.query("vacuum eventhub.dispatches");
  }
  await client.query("set session_replication_role = default");
  await client.query("vacuum analyze");
  await client.query("checkpoint");
}

/** One route per number, to each destination in turn: an event with `route: n` takes one of them. */
function routesTo(destinations: number, routes: number): RouteInput[] {
  return Array.from({ length: routes }, (_, n) => ({
    name: `route ${n}`,
    destination: `D${n % destinations}`,
    condition: { path: "$.route", exact: n },
  }));
}

type Step = "emit 100" | "claim 100" | "record 100" | "emit 1" | "look";

/** Medians in milliseconds, and bytes of WAL per dispatch of a group. */
async function measure(destinations: number, routes: number): Promise<Record<Step, number> & { wal: number }> {
  const compiled = compileRoutes({ routes: routesTo(destinations, routes) });
  const times: Record<Step, number[]> = { "emit 100": [], "claim 100": [], "record 100": [], "emit 1": [], look: [] };
  const timed = async <T>(step: Step, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    times[step].push(performance.now() - began);
    return result;
  };
  const context = { routes: compiled, database, enqueue: () => undefined, routePending: () => undefined };
  const payload = (n: number) => ({ route: n % routes, n, text: "lorem ipsum ".repeat(20) });
  let wal = 0;
  for (let round = -3; round < ROUNDS; round++) {
    if (round === 0) {
      for (const list of Object.values(times)) list.length = 0;
      wal = 0;
    }
    const before = await walPosition();
    const payloads = Array.from({ length: GROUP }, (_, n) => payload(round * 7_919 + 100_000 + n * 101));
    const { events } = await timed("emit 100", () => emit(payloads, {}, context));
    const ids = events.flatMap(({ dispatches }) => dispatches.map(({ id }) => id));
    const token = randomUUID();
    const members = ids.map((id) => ({ id, generation: 0 }));
    const claim = claimDispatches({
      members,
      instanceId: `scale-${round}`,
      workflow: "DISPATCH",
      token,
      leaseSeconds: 100,
    });
    const claimed = await timed("claim 100", () => database.run(claim));
    if (!claimed.every(({ answer }) => answer === "mine")) throw new Error("not all could be claimed");
    const at = new Date().toISOString();
    const records = ids.map((dispatchId) => ({
      ...{ dispatchId, attempt: 1, claim: token, result: "complete", reason: null, startedAt: at, finishedAt: at },
      ...{ status: "complete", delaySeconds: 0, decisive: false },
    })) satisfies Parameters<typeof recordExecutions>[0];
    await timed("record 100", () => database.run(recordExecutions(records, `scale-${round}`)));
    wal += (await walPosition()) - before;
    await timed("emit 1", () => emit(payload(round + 100_000), {}, context));
    await timed("look", async () => {
      await database.run(requeueUnclaimed({ graceSeconds: 60, limit: 100 }));
      await database.run(findToRescue({ graceSeconds: 60, limit: 100 }));
      await database.run(findNextLook({ graceSeconds: 60, unfinished: false, betweenMs: 1_000 }));
    });
  }
  const medians = Object.entries(times).map(([step, list]) => [step, median(list)]);
  return { ...(Object.fromEntries(medians) as Record<Step, number>), wal: wal / ROUNDS / GROUP };
}

async function walPosition(): Promise<number> {
  const { rows } = await client.query<{ at: number }>("select (pg_current_wal_insert_lsn() - '0/0')::float8 as at");
  return rows[0]?.at ?? 0;
}

const table = new Table({
  head: [
    "dispatches",
    "destinations",
    "routes",
    "emit 100, ms",
    "claim 100",
    "record 100",
    "emit 1",
    "look",
    "WAL, bytes each",
  ],
});
async function report(rows: number, destinations: number, routes: number): Promise<void> {
  const { wal, ...steps } = await measure(destinations, routes);
  const cells = Object.values(steps).map((ms) => ms.toFixed(1));
  console.error([rows, destinations, routes, ...cells, wal.toFixed(0)].join(" | "));
  table.push([rows, destinations, routes].map((n) => n.toLocaleString("en-US")).concat(cells, wal.toFixed(0)));
}

let filled = 0;
for (const size of SIZES) {
  await fill(filled, size);
  filled = size;
  await report(size, 10, 10);
}
await report(filled, 1_000, 10_000);
process.stdout.write(`${table.toString()}\n`);
