import type { Emitted, Load } from "../workers/bench/protocol.ts";
import type { Backend } from "./stack/start-backend.ts";
import type { System } from "./stack/system.ts";
import type { Spread } from "./statistics.ts";

/** Who is measured: our hub calling `handle`, our hub calling `handleBatch`, the peer. */
export type Contender = "handle" | "handleBatch" | "peer";

/** What the cases work with. */
export interface Bench {
  backend: Backend;
  ours: System;
  peer: System;
  /** Only the essential, in under 45 s. */
  quick: boolean;
}

/** One line of the table: the same measurement of several contenders. */
export interface Row {
  /** Letter of the case, as in test/bench/README.md. */
  case: string;
  title: string;
  /** What was measured otherwise for one contender. */
  note?: string;
  /** `/s` or `ms`. */
  unit: "/s" | "ms";
  values: Partial<Record<Contender, Spread>>;
  /** Its speed as a share of that with empty tables, of neighbouring rounds. */
  ofEmpty?: Partial<Record<Contender, Spread>>;
  /** Ratios to the peer that are aimed at; for `ms` at most, for `/s` at least. */
  targets?: Partial<Record<Exclude<Contender, "peer">, number>>;
}

/** A load, and how many dispatches it makes. */
export interface Burst {
  /** ONE, FIVE, SLOW or FLAKY. */
  route: keyof typeof FAN_OUT;
  dispatches: number;
  bytes: number;
  /** Bytes of payload in one call at most; default as many as 100 dispatches have. */
  bytesPerCall?: number;
}

const FAN_OUT = { ONE: 1, FIVE: 5, SLOW: 1, FLAKY: 1 };

/** Dispatches that one call makes: the peer sends them in one `sendBatch`, which takes 100 messages. */
const DISPATCHES_PER_CALL = 100;

/** Calls of `emit` under way at once in a burst. */
const CONNECTIONS = 8;

export const PAYLOAD_BYTES = 1_000;

let runs = 0;

/** Emits a burst and waits for its last result: dispatches a second from the first call to the last result. */
export async function burst(bench: Bench, contender: Contender, what: Burst): Promise<number> {
  const system = systemOf(bench, contender);
  const { route, dispatches, bytes, bytesPerCall = Number.POSITIVE_INFINITY } = what;
  const perCall = Math.min(DISPATCHES_PER_CALL / FAN_OUT[route], Math.max(1, Math.floor(bytesPerCall / bytes)));
  await system.reset();
  const { startedAt } = await emit(bench, contender, {
    route,
    events: dispatches / FAN_OUT[route],
    perCall,
    connections: CONNECTIONS,
    bytes,
  });
  return (dispatches / ((await system.settled(startedAt, dispatches)) - startedAt)) * 1_000;
}

/** Emits by a contender's own routes. */
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

/** Measures the contenders in turn, round after round, each round in another order: what slows the machine down slows all. */
export async function alternate<C extends Contender, T>(
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

/** The spreads of what {@link alternate} gave. */
export function spreads(results: Record<string, number[]>, of: (values: number[]) => Spread): Row["values"] {
  return Object.fromEntries(Object.entries(results).map(([contender, values]) => [contender, of(values)]));
}
