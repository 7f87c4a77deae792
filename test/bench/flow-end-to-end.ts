import { startOurs } from "./stack/ours.ts";
import type { Backend } from "./stack/start-backend.ts";
import type { System } from "./stack/system.ts";
import { median } from "./statistics.ts";

const EVENTS = 5_000;
const ROUNDS = 3;
const BYTES = 1_000;

/** What the loud key has waiting, and for how many seconds the quiet one emits an event each second. */
const LOUD = 20_000;
const QUIET_SECONDS = 30;

/** Emits of one event each, beside each other. */
const SINGLE_EMITS = 1_500;
const CONNECTIONS = 64;

/** Whole deliveries, emit to result, of destinations without and with limits and order, in turn. */
export async function measureDeliveries(directory: string, backend: Backend): Promise<void> {
  const system = await startOurs(directory, backend);
  try {
    await measureThroughput(system);
    await measureFairness(system);
    await measureEmits(system);
  } finally {
    await system.stop();
  }
}

/** Of some destinations, in turn, the median of each. */
async function inTurn(
  destinations: readonly string[],
  measure: (to: string, round: number) => Promise<number>,
): Promise<(to: string) => number> {
  const found = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++)
    for (const to of destinations) found.set(to, [...(found.get(to) ?? []), await measure(to, round)]);
  return (to) => median(found.get(to) ?? []);
}

async function measureThroughput(system: System): Promise<void> {
  const of = await inTurn(["ONE", "LIMITED", "ORDERED", "ORDERED_FEW"], async (to, round) => {
    const speed = await deliver(system, to, `${to}-${round}`);
    console.error(`${to}: ${Math.round(speed)} dispatches/s`);
    return speed;
  });
  console.log(`without limits or order: ${Math.round(of("ONE"))} dispatches/s`);
  console.log(`rate of 500/s, ${EVENTS} waiting: ${(of("LIMITED") / 500).toFixed(3)} of the rate is used`);
  for (const [to, keys] of [
    ["ORDERED", 1_000],
    ["ORDERED_FEW", 7],
  ] as const)
    console.log(
      `ordered, ${keys} keys: ${Math.round(of(to))} dispatches/s, ${(of(to) / of("ONE")).toFixed(2)} of that without`,
    );
}

/** Emits a burst; dispatches a second from the first call to the last result. */
async function deliver(system: System, to: string, run: string): Promise<number> {
  await system.reset();
  const load = { run, to, events: EVENTS, perCall: 100, connections: 8, bytes: BYTES };
  const { startedAt } = await system.emit(load);
  return (EVENTS / ((await system.settled(startedAt, EVENTS)) - startedAt)) * 1_000;
}

/** How long an event of a quiet key waits for its call while a loud one has very many waiting, both under one rate. */
async function measureFairness(system: System): Promise<void> {
  await system.reset();
  const common = { run: "fairness", to: "FAIR", bytes: BYTES };
  const loud = { ...common, events: LOUD, perCall: 500, connections: 4, customer: "loud" };
  const { startedAt } = await system.emit(loud);
  const quiet = { ...common, events: 1, perCall: 1, connections: 1, perSecond: 1, seconds: QUIET_SECONDS };
  const { latencies } = await system.emit({ ...quiet, customer: "quiet" });
  const { rows } = await system.database.query<{ waiting: number; p50: number; p99: number }>(
    `select (select count(*) from eventhub.dispatches where flow_key = 'loud' and status = 'ongoing')::int as waiting,
       percentile_cont(0.5) within group (order by ms) as p50, percentile_cont(0.99) within group (order by ms) as p99
     from (select extract(epoch from x.started_at - d.created_at)::float8 * 1000 as ms
       from eventhub.dispatches d join eventhub.executions x on x.dispatch_id = d.id where d.flow_key = 'quiet') waits`,
  );
  const [{ waiting, p50, p99 } = { waiting: 0, p50: 0, p99: 0 }] = rows;
  console.log(
    `one event a second beside a key with ${LOUD} waiting (${waiting} still are at the end): ${Math.round(p50)} ms from emit to call, p99 ${Math.round(p99)} ms`,
  );
  await system.settled(startedAt, LOUD + latencies.length);
}

/** Emits of one event each to one hot key of an order, beside those to a destination without. */
async function measureEmits(system: System): Promise<void> {
  const of = await inTurn(["ONE", "ORDERED"], async (to, round) => {
    await system.reset();
    const load = {
      run: `emits-${round}`,
      to,
      events: SINGLE_EMITS,
      perCall: 1,
      connections: CONNECTIONS,
      bytes: BYTES,
    };
    const { startedAt, endedAt } = await system.emit({ ...load, customer: "hot" });
    await system.settled(startedAt, SINGLE_EMITS);
    return (SINGLE_EMITS / (endedAt - startedAt)) * 1_000;
  });
  console.log(
    `emits of one event, ${CONNECTIONS} at once: ${Math.round(of("ONE"))}/s, to one key of an order ${(of("ORDERED") / of("ONE")).toFixed(2)} of that`,
  );
}
