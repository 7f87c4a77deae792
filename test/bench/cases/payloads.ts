import { alternate, type Bench, burst, type Contender, ROUNDS, type Row, spreads } from "../bench.ts";
import { spread } from "../statistics.ts";

const CONTENDERS: readonly Contender[] = ["handle", "handleBatch", "peer"];

/** (f) Large payloads. */
export async function payloads(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { bytes, dispatches, size, target } of [
    { bytes: 10_000, dispatches: 1_000, size: "10 kB", target: 2 },
    { bytes: 500_000, dispatches: 40, size: "500 kB", target: 2 },
  ]) {
    const results = await alternate(CONTENDERS, ROUNDS, (contender) =>
      burst(bench, contender, { route: "ONE", dispatches, bytes, bytesPerCall: 2_000_000 }),
    );
    rows.push({
      case: "f",
      title: `burst of ${dispatches.toLocaleString("en-US")}, ${size} each`,
      unit: "/s",
      values: spreads(results, spread),
      targets: { handle: target },
    });
  }
  return rows;
}
