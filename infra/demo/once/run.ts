import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import type { Stack } from "../../local/stack.ts";
import { type Emission, emitPayloads } from "./emit.ts";
import { startProgress } from "./progress.ts";
import { type Counts, countMissing, readClock, readCounts, readGroups, readOpen, type Since } from "./queries.ts";
import { formatFaults, formatJson, formatOpen, formatTable, isGood, type Outcome } from "./report.ts";

const POLL_MS = 250;
/** How long the database may be unreachable: a connection over the internet breaks now and then. */
const PATIENCE_MS = 10_000;
/** The time that a run may take: for leases and several rounds of reconciling after a kill, and for every event. */
const BASE_SECONDS = 180;
const SECONDS_PER_EVENT = 0.1;
const SHOWN_OPEN = 10;

/**
 * Runs the demo without a person: emits `events` payloads, waits until every dispatch in the database is final, and reports.
 *
 * @returns Whether every dispatch has a status that is expected for its destination.
 */
export async function runOnce({ origin, pool }: Stack, events: number, signal: AbortSignal): Promise<boolean> {
  const started = performance.now();
  const limitSeconds = BASE_SECONDS + events * SECONDS_PER_EVENT;
  const emission: Emission = { events: 0, dispatchIds: [] };
  const seconds = () => (performance.now() - started) / 1000;
  // If nothing is emitted, the report is about everything in the database.
  const since: Since = events === 0 ? null : await readClock(pool);

  const counts = await emitAndWait(pool, since, limitSeconds, signal, (stop) =>
    emitPayloads(origin, events, emission, stop),
  );

  const outcome: Outcome = {
    emitted: emission.events,
    seconds: seconds(),
    counts,
    groups: await readGroups(pool, since),
    all: await readGroups(pool, null),
    missing: await countMissing(pool, emission.dispatchIds),
  };
  console.log(formatTable(outcome.groups));
  if (counts.ongoing > 0) console.log(formatOpen(await readOpen(pool, SHOWN_OPEN), counts, outcome.seconds));
  if (!isGood(outcome)) console.log(formatFaults(outcome));
  console.log(formatJson(outcome));
  return isGood(outcome);
}

/** Emits, and watches until all dispatches in the database are final, or the time is up. */
async function emitAndWait(
  pool: Pool,
  since: Since,
  limitSeconds: number,
  signal: AbortSignal,
  emit: (stop: AbortSignal) => Promise<void>,
): Promise<Counts> {
  const deadline = performance.now() + limitSeconds * 1000;
  const over = new AbortController(); // ends one of the two when the other has failed
  const stop = AbortSignal.any([signal, over.signal]);
  const progress = startProgress();
  let emitted = false;
  const emitting = emit(stop).then(() => {
    emitted = true;
  });
  const watch = async (): Promise<Counts> => {
    for (;;) {
      // Read before the counting, which would otherwise miss what is emitted in between.
      const complete = emitted;
      const counts = await patiently(() => readCounts(pool, since), stop);
      progress.update(counts.final, counts.total);
      if (complete && counts.ongoing === 0) return counts;
      if (performance.now() > deadline) return complete ? counts : fail(counts);
      await sleep(POLL_MS, undefined, { signal: stop });
    }
  };
  try {
    const [counts] = await Promise.all([watch(), emitting]);
    return counts;
  } finally {
    over.abort(new Error("the run is over"));
    progress.stop();
  }

  function fail({ total }: Counts): never {
    throw new Error(`gave up emitting after ${Math.round(limitSeconds)} s, with ${total} dispatches in the database`);
  }
}

async function patiently<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await read();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      if (performance.now() > deadline) throw new Error(`the database does not answer: ${reason}`, { cause });
      await sleep(POLL_MS, undefined, { signal });
    }
  }
}
