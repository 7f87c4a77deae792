import {
  alternate,
  type Bench,
  type Contender,
  emit,
  PAYLOAD_BYTES,
  ROUNDS,
  type Row,
  spreads,
  systemOf,
} from "../bench.ts";
import { quantile, spread } from "../statistics.ts";

const CONNECTIONS = [1, 8, 64];

/** For how long calls begin in a round, for each contender alike. */
export const SECONDS = { quick: 2, full: 4 };

/** The number of different events of a round. */
const EVENTS = 1_000;

const CONTENDERS: readonly Contender[] = ["handle", "peer"];

/**
 * (c) Calls of `emit` with one event each until they are answered, with 1, 8 and 64 connections. Meanwhile the executor delivers what comes, and the
 * rest after the clock has stopped.
 */
export async function emitting(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const connections of bench.quick ? CONNECTIONS.slice(1, 2) : CONNECTIONS) {
    const results = await alternate(CONTENDERS, bench.quick ? 1 : ROUNDS, async (contender) => {
      const system = systemOf(bench, contender);
      await system.reset();
      const seconds = SECONDS[bench.quick ? "quick" : "full"];
      const load = { route: "ONE", events: EVENTS, seconds, perCall: 1, connections, bytes: PAYLOAD_BYTES };
      const { startedAt, endedAt, latencies } = await emit(bench, contender, load);
      const calls = latencies.length;
      await system.settled(startedAt, calls);
      return {
        perSecond: (calls / (endedAt - startedAt)) * 1_000,
        p50: quantile(latencies, 0.5),
        p99: quantile(latencies, 0.99),
      };
    });
    const of = (key: "perSecond" | "p50" | "p99") =>
      spreads({ handle: results.handle.map((r) => r[key]), peer: results.peer.map((r) => r[key]) }, spread);
    const title = `emit, ${connections} connection${connections === 1 ? "" : "s"}`;
    rows.push({
      case: "c",
      title,
      unit: "/s",
      values: of("perSecond"),
      targets: { handle: connections === 64 ? 5 : 2.5 },
    });
    rows.push({ case: "c", title: `${title}, p50`, unit: "ms", values: of("p50"), targets: { handle: 0.4 } });
    rows.push({ case: "c", title: `${title}, p99`, unit: "ms", values: of("p99") });
  }
  return rows;
}
