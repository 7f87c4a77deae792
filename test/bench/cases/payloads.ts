import { alternate, type Bench, burst, type Contender, type Row, spreads } from "../bench.ts";
import { spread } from "../statistics.ts";

const CONTENDERS: readonly Contender[] = ["handle", "handleBatch", "peer"];

/** (f) Large payloads. */
export async function payloads(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { bytes, dispatches, size } of [
    { bytes: 10_000, dispatches: 1_000, size: "10 kB" },
    { bytes: 500_000, dispatches: 40, size: "500 kB" },
  ]) {
    const results = await alternate(CONTENDERS, 3, (contender) =>
      burst(bench, contender, { route: "ONE", dispatches, bytes, bytesPerCall: 2_000_000 }),
    );
    rows.push({
      case: "f",
      title: `burst of ${dispatches.toLocaleString("en-US")}, ${size} each`,
      unit: "/s",
      values: spreads(results, spread),
    });
  }
  return rows;
}
