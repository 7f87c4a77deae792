import type { Emitted, Load } from "../workers/bench/protocol.ts";
import type { GROUP_SIZES } from "./stack/ours.ts";
import type { Backend } from "./stack/start-backend.ts";
import type { System } from "./stack/system.ts";
import type { Spread } from "./statistics.ts";

/** The contenders: our hub calling `handle`, our hub calling `handleBatch`, and the peer. */
export type Contender = "handle" | "handleBatch" | "peer";

/** Everything that the cases work with. */
export interface Bench {
  backend: Backend;
  ours: System;
  peer: System;
  /** Whether to run only the essential cases, in under 45 s. */
  quick: boolean;
}

/** One row of the table: the same measurement of several contenders. */
export interface Row {
  /** The letter of the case, as in test/bench/README.md. */
  case: string;
  title: string;
  /** How the measurement of one contender differs. */
  note?: string;
  /** `/s` or `ms`. */
  unit: "/s" | "ms";
  values: Partial<Record<Contender, Spread>>;
  /** The speed as a share of the speed with empty tables in the neighbouring round. */
  ofEmpty?: Partial<Record<Contender, Spread>>;
  /** The target ratios to the peer: for `ms` the most, for `/s` the least. */
  targets?: Partial<Record<Exclude<Contender, "peer">, number>>;
}

/** A load, and the number of dispatches that it makes. */
export interface Burst {
  /** What the payload's `to` says: ONE, FIVE, SLOW, FLAKY, or one of the group sizes, such as ONE_IN_16. */
  route: "ONE" | "FIVE" | "SLOW" | "FLAKY" | `${"ONE" | "SLOW"}_IN_${(typeof GROUP_SIZES)[number]}`;
  dispatches: number;
  bytes: number;
  /** The most bytes of payload in one call; default as many as 100 dispatches have. */
  bytesPerCall?: number;
}

const fanOut = (route: Burst["route"]): number => (route === "FIVE" ? 5 : 1);

/** The dispatches of one call. The peer sends them in one `sendBatch`, which takes 100 messages. */
const DISPATCHES_PER_CALL = 100;

/** The calls of `emit` in flight at once in a burst. */
const CONNECTIONS = 8;

export const PAYLOAD_BYTES = 1_000;

let runs = 0;

/** Emits a burst and waits for its last result. Returns the dispatches per second, from the first call to the last result. */
export async function burst(bench: Bench, contender: Contender, what: Burst): Promise<number> {
  const system = systemOf(bench, contender);
  const { route, dispatches, bytes, bytesPerCall = Number.POSITIVE_INFINITY } = what;
  const perCall = Math.min(DISPATCHES_PER_CALL / fanOut(route), Math.max(1, Math.floor(bytesPerCall / bytes)));
  await system.reset();
  const { startedAt } = await emit(bench, contender, {
    route,
    events: dispatches / fanOut(route),
    perCall,
    connections: CONNECTIONS,
    bytes,
  });
  return (dispatches / ((await system.settled(startedAt, dispatches)) - startedAt)) * 1_000;
}

/** Emits with a contender's own routes. */
export function emit(
  bench: Bench,
  contender: Contender,
  { route, ...load }: Omit<Load, "run" | "to"> & { route: string },
): Promise<Emitted> {
  runs += 1;
  const to = contender === "handleBatch" ? `${route}_BATCH` : route;
  return systemOf(bench, contender).emit({ ...load, run: `run-${runs}`, to });
}

export const systemOf = ({ ours, peer }: Bench, contender: Contender): System => (contender === "peer" ? peer : ours);

/** The note of a row in which the peer gets a smaller burst. */
export const ofPeer = (dispatches: number): string =>
  `of ${dispatches.toLocaleString("en-US")} dispatches for the peer`;

/** The rounds of a case of the full benchmark. Its result is their median. */
export const ROUNDS = 5;

/**
 * Measures the contenders in turn, round after round, each round in another order. So anything that slows down the machine slows down all of them.
 */
export async function alternate<C extends string, T>(
  contenders: readonly C[],
  rounds: number,
  measure: (contender: C, round: number) => Promise<T>,
): Promise<Record<C, T[]>> {
  const results = Object.fromEntries(contenders.map((contender) => [contender, [] as T[]])) as Record<C, T[]>;
  for (let round = 0; round < rounds; round++) {
    const order = contenders.map((_, i) => contenders[(i + round) % contenders.length]);
    for (const contender of order) {
      if (contender !== undefined) results[contender].push(await measure(contender, round));
    }
  }
  return results;
}

/** The spreads of the results of {@link alternate}. */
export function spreads(results: Record<string, number[]>, of: (values: number[]) => Spread): Row["values"] {
  return Object.fromEntries(Object.entries(results).map(([contender, values]) => [contender, of(values)]));
}
