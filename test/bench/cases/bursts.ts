import {
  alternate,
  type Bench,
  type Burst,
  burst,
  type Contender,
  ofPeer,
  PAYLOAD_BYTES,
  ROUNDS,
  type Row,
  spreads,
} from "../bench.ts";
import { spread } from "../statistics.ts";

const CONTENDERS: readonly Contender[] = ["handle", "handleBatch", "peer"];

/**
 * A burst of 10,000 would take the peer half a minute per round. The peer gets slower as its tables fill, so a smaller burst is no disadvantage for
 * it.
 */
const MOST_OF_PEER = 2_000;

/** (a) Bursts with fan-out 1 and 5, and a handler that answers at once. */
export async function bursts(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const what of burstsOf(bench)) {
    const peerDispatches = Math.min(what.dispatches, MOST_OF_PEER);
    const results = await alternate(CONTENDERS, bench.quick ? 2 : ROUNDS, (contender) =>
      burst(bench, contender, contender === "peer" ? { ...what, dispatches: peerDispatches } : what),
    );
    rows.push({
      case: "a",
      title: titleOfBurst(what),
      ...(peerDispatches === what.dispatches ? {} : { note: ofPeer(peerDispatches) }),
      unit: "/s",
      values: spreads(results, spread),
      targets: { handle: 8, handleBatch: 10 },
    });
  }
  return rows;
}

/** The bursts of cases (a) and (g). */
export function burstsOf({ quick }: Pick<Bench, "quick">): Burst[] {
  if (quick) return [{ route: "ONE", dispatches: 1_000, bytes: PAYLOAD_BYTES }];
  return [1_000, 10_000].flatMap((dispatches) =>
    (["ONE", "FIVE"] as const).map((route) => ({ route, dispatches, bytes: PAYLOAD_BYTES })),
  );
}

export const titleOfBurst = ({ dispatches, route }: Burst): string =>
  `burst of ${dispatches.toLocaleString("en-US")}, fan-out ${route === "FIVE" ? 5 : 1}`;
