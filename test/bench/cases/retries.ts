import { alternate, type Bench, burst, type Contender, PAYLOAD_BYTES, type Row, spreads } from "../bench.ts";
import { spread } from "../statistics.ts";

/** More rounds than elsewhere, since it differs from round to round when a retry comes, and with how many others. */
const ROUNDS = 7;

const CONTENDERS: readonly Contender[] = ["handle", "handleBatch", "peer"];

/** (e) Half of all first attempts fail, and are tried again without a wait. */
export async function retries(bench: Bench): Promise<Row[]> {
  const results = await alternate(CONTENDERS, ROUNDS, (contender) =>
    burst(bench, contender, { route: "FLAKY", dispatches: 1_000, bytes: PAYLOAD_BYTES }),
  );
  return [
    {
      case: "e",
      title: "burst of 1,000, half of the first attempts fail",
      unit: "/s",
      values: spreads(results, spread),
      targets: { handle: 10, handleBatch: 10 },
    },
  ];
}
