import { setTimeout as sleep } from "node:timers/promises";
import type { FloorCall, FloorState } from "../workers/bench/protocol.ts";
import type { Bench } from "./bench.ts";
import { type Spread, spread } from "./statistics.ts";

/** What the platform's own parts achieve on this machine, without any of our code. */
export interface Floor {
  /** Workflow instances per second, each with one step that does nothing. */
  instancesPerSecond: Spread;
  /** Messages per second through a queue, a hundred per call. */
  messagesPerSecond: Spread;
  /** Calls of a consumer's `handle` per second, 16 at once. */
  callsPerSecond: Spread;
  /** One `select 1` to the database's endpoint, in milliseconds. */
  roundTripMs: Spread;
  /** The same `select 1`, eight at once, per second. */
  roundTripsPerSecond: Spread;
  /**
   * One event, from its first statement to its last, in milliseconds: a statement, a message, an instance with one step, and in it a statement, a
   * call and a statement. The statements are `select 1`.
   */
  chainMs: Spread;
}

/** The time between two events of `chainMs`: as idle as in case (d). */
const IDLE_MS = 400;

/** Measures the floor in the same run, and in the same workerd as our hub. */
export async function measureFloor({ ours, quick }: Bench): Promise<Floor> {
  const rounds = quick ? 2 : 3;
  const size = quick ? 300 : 1_000;
  const rate = async (call: FloorCall & { count: number }): Promise<number> => {
    const startedAt = await ours.floor<number>(call);
    let state = await ours.floor<FloorState>({ op: "state" });
    for (; state.done < call.count; state = await ours.floor<FloorState>({ op: "state" })) await sleep(20);
    return (call.count / Math.max(1, state.lastAt - startedAt)) * 1_000;
  };
  const repeat = async (call: FloorCall & { count: number }) => {
    const values: number[] = [];
    for (let round = 0; round < rounds; round++) {
      values.push(await rate(call));
      await ours.floor({ op: "forget" });
    }
    return values;
  };
  const chain = async () => {
    const startedAt = await ours.floor<number>({ op: "chain" });
    let state = await ours.floor<FloorState>({ op: "state" });
    for (; state.done < 1; state = await ours.floor<FloorState>({ op: "state" })) await sleep(20);
    await sleep(IDLE_MS);
    return state.lastAt - startedAt;
  };
  const chains: number[] = [];
  for (let round = 0; round < (quick ? 4 : 30); round++) chains.push(await chain());
  const one = await repeat({ op: "roundTrips", count: size, connections: 1 });
  return {
    instancesPerSecond: spread(await repeat({ op: "workflows", count: size })),
    messagesPerSecond: spread(await repeat({ op: "messages", count: size * 10 })),
    callsPerSecond: spread(await repeat({ op: "calls", count: size * 2 })),
    roundTripMs: spread(one.map((perSecond) => 1_000 / perSecond)),
    roundTripsPerSecond: spread(await repeat({ op: "roundTrips", count: size, connections: 8 })),
    chainMs: spread(chains),
  };
}
