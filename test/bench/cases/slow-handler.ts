import {
  alternate,
  type Bench,
  burst,
  type Contender,
  ofPeer,
  PAYLOAD_BYTES,
  ROUNDS,
  type Row,
  spreads,
} from "../bench.ts";
import { spread } from "../statistics.ts";

/** The peer makes one call after another. More dispatches would take a quarter of an hour, at the same rate. */
const PEER_DISPATCHES = { quick: 20, full: 100 };

/** (b) A burst with a handler that takes 100 ms. */
export async function slowHandler(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const dispatches of bench.quick ? [1_000] : [1_000, 10_000]) {
    const peerDispatches = PEER_DISPATCHES[bench.quick ? "quick" : "full"];
    const contenders: Contender[] = ["handle", "handleBatch", "peer"];
    const results = await alternate(contenders, bench.quick ? 1 : ROUNDS, (contender) =>
      burst(bench, contender, {
        route: "SLOW",
        dispatches: contender === "peer" ? peerDispatches : dispatches,
        bytes: PAYLOAD_BYTES,
      }),
    );
    rows.push({
      case: "b",
      title: `burst of ${dispatches.toLocaleString("en-US")}, handler of 100 ms`,
      note: ofPeer(peerDispatches),
      unit: "/s",
      values: spreads(results, spread),
      targets: { handle: 80, handleBatch: 80 },
    });
  }
  return rows;
}
