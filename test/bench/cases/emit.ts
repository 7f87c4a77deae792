import { alternate, type Bench, type Contender, emit, PAYLOAD_BYTES, type Row, spreads, systemOf } from "../bench.ts";
import { quantile, spread } from "../statistics.ts";

/** Connections, and calls in a round: enough for some seconds. */
const LOADS = [
  { connections: 1, calls: 100 },
  { connections: 8, calls: 400 },
  { connections: 64, calls: 1_000 },
];
const CONTENDERS: readonly Contender[] = ["handle", "peer"];

/** (c) `emit` of one event a call under 1, 8 and 64 connections, while the executor delivers what comes. */
export async function emitting(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { connections, calls } of bench.quick ? LOADS.slice(1, 2) : LOADS) {
    const results = await alternate(CONTENDERS, bench.quick ? 1 : 3, async (contender) => {
      const system = systemOf(bench, contender);
      await system.reset();
      const events = bench.quick ? calls / 2 : calls;
      const load = { route: "ONE", events, perCall: 1, connections, bytes: PAYLOAD_BYTES };
      const { startedAt, endedAt, latencies } = await emit(bench, contender, load);
      await system.settled(startedAt, events);
      return {
        perSecond: (events / (endedAt - startedAt)) * 1_000,
        p50: quantile(latencies, 0.5),
        p99: quantile(latencies, 0.99),
      };
    });
    const of = (key: "perSecond" | "p50" | "p99") =>
      spreads({ handle: results.handle.map((r) => r[key]), peer: results.peer.map((r) => r[key]) }, spread);
    const title = `emit, ${connections} connection${connections === 1 ? "" : "s"}`;
    rows.push({ case: "c", title, unit: "/s", values: of("perSecond"), targets: { handle: 2.5 } });
    rows.push({ case: "c", title: `${title}, p50`, unit: "ms", values: of("p50"), targets: { handle: 0.4 } });
    rows.push({ case: "c", title: `${title}, p99`, unit: "ms", values: of("p99") });
  }
  return rows;
}
