import { startOurs } from "./stack/ours.ts";
import type { Backend } from "./stack/start-backend.ts";
import type { System } from "./stack/system.ts";
import { median, quantile } from "./statistics.ts";

const EVENTS = 10_000;

/** Keys of the ordered destinations. */
const KEYS = { ORDERED: 1_000, ORDERED_FEW: 10 };

/**
 * The number of calls that wait for a rate. With the size of a burst, the start and the end of the run would count more than the time between them.
 */
const AT_A_RATE = 10_000;
const RATE = 500;
const ROUNDS = 3;
const BYTES = 1_000;

const LOAD = { perCall: 100, connections: 8, bytes: BYTES };

/** What the loud key has waiting, for how many seconds the quiet one emits an event each second, and how often: a p99 of thirty would be the worst. */
const LOUD = 20_000;
const QUIET_SECONDS = 30;
const QUIET_ROUNDS = 4;

/** The number of emits of one event each, and how many of them run at once. */
const SINGLE_EMITS = 1_500;
const CONNECTIONS = 64;

/** A line of the table: what was measured, and what came of it. */
export type Line = readonly [what: string, figure: string];

/** Whole deliveries, emit to result, of destinations without and with limits and order, in turn. */
export async function measureDeliveries(directory: string, backend: Backend): Promise<Line[]> {
  const system = await startOurs(directory, backend);
  try {
    return [...(await measureThroughput(system)), await measureFairness(system), await measureEmits(system)];
  } finally {
    await system.stop();
  }
}

/** Measures some destinations in turn, and returns the median of each. */
async function inTurn(
  destinations: readonly string[],
  measure: (to: string, round: number) => Promise<number>,
): Promise<(to: string) => number> {
  const found = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++)
    for (const to of destinations) found.set(to, [...(found.get(to) ?? []), await measure(to, round)]);
  return (to) => median(found.get(to) ?? []);
}

async function measureThroughput(system: System): Promise<Line[]> {
  const of = await inTurn(["ONE", "ORDERED", "ORDERED_FEW"], async (to, round) => {
    const speed = await deliver(system, to, `${to}-${round}`);
    console.error(`${to}: ${Math.round(speed)} dispatches/s`);
    return speed;
  });
  await system.reset();
  const { startedAt } = await system.emit({ ...LOAD, run: "rate", to: "LIMITED", events: AT_A_RATE });
  const settledAt = await system.settled(startedAt, AT_A_RATE);
  const { rows } = await system.database.query<{ seconds: number }>(
    "select extract(epoch from max(started_at) - min(started_at))::float8 as seconds from eventhub.executions",
  );
  const used = (AT_A_RATE - 1) / (rows[0]?.seconds ?? Number.NaN) / RATE;
  const whole = (AT_A_RATE / (settledAt - startedAt)) * 1_000;
  return [
    [`burst of ${EVENTS}, without limits or order`, `${Math.round(of("ONE"))} dispatches/s`],
    ...Object.entries(KEYS).map(
      ([to, keys]): Line => [
        `the same, ordered, ${keys} keys`,
        `${Math.round(of(to))} dispatches/s, ${(of(to) / of("ONE")).toFixed(2)} of that without`,
      ],
    ),
    [
      `rate of ${RATE}/s, ${AT_A_RATE} waiting: what of it is used`,
      `${used.toFixed(3)} from the first call to the last, ${(whole / RATE).toFixed(3)} from the first emit to the last result`,
    ],
  ];
}

/** Emits a burst. Returns the dispatches per second, from the first call to the last result. */
async function deliver(system: System, to: string, run: string): Promise<number> {
  await system.reset();
  const customers = to === "ORDERED_FEW" ? KEYS.ORDERED_FEW : KEYS.ORDERED;
  const { startedAt } = await system.emit({ ...LOAD, run, to, events: EVENTS, customers });
  return (EVENTS / ((await system.settled(startedAt, EVENTS)) - startedAt)) * 1_000;
}

/** How long an event of a quiet key waits for its call while a loud one has very many waiting, both under one rate. */
async function measureFairness(system: System): Promise<Line> {
  const waits: number[] = [];
  const left: number[] = [];
  for (let round = 0; round < QUIET_ROUNDS; round++) {
    const { quietMs, loudLeft } = await letBothWait(system);
    waits.push(...quietMs);
    left.push(loudLeft);
  }
  return [
    `one event a second beside a key with ${LOUD} waiting (${Math.min(...left)} at least still are at the end), emit to call`,
    `${Math.round(median(waits))} ms, p99 of ${waits.length} ${Math.round(quantile(waits, 0.99))} ms`,
  ];
}

/** How long the events of the quiet key waited, in milliseconds, and what of the loud one waited still when the last was emitted. */
async function letBothWait(system: System): Promise<{ quietMs: number[]; loudLeft: number }> {
  await system.reset();
  const common = { run: "fairness", to: "FAIR", bytes: BYTES };
  const loud = { ...common, events: LOUD, perCall: 500, connections: 4, customer: "loud" };
  const { startedAt } = await system.emit(loud);
  const quiet = { ...common, events: 1, perCall: 1, connections: 1, perSecond: 1, seconds: QUIET_SECONDS };
  const { latencies } = await system.emit({ ...quiet, customer: "quiet" });
  const still = await system.database.query<{ waiting: number }>(
    "select count(*)::int as waiting from eventhub.dispatches where flow_key = 'loud' and status = 'ongoing'",
  );
  await system.settled(startedAt, LOUD + latencies.length);
  const { rows } = await system.database.query<{ ms: number }>(
    `select extract(epoch from x.started_at - d.created_at)::float8 * 1000 as ms
     from eventhub.dispatches d join eventhub.executions x on x.dispatch_id = d.id where d.flow_key = 'quiet'`,
  );
  return { quietMs: rows.map(({ ms }) => ms), loudLeft: still.rows[0]?.waiting ?? 0 };
}

/** Emits of one event each to one hot key of an order, beside those to a destination without. */
async function measureEmits(system: System): Promise<Line> {
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
  return [
    `emits of one event each, ${CONNECTIONS} at once`,
    `${Math.round(of("ONE"))}/s, to one key of an order ${(of("ORDERED") / of("ONE")).toFixed(2)} of that`,
  ];
}
