import {
  alternate,
  type Bench,
  type Burst,
  burst,
  type Contender,
  ofPeer,
  PAYLOAD_BYTES,
  type Row,
  spreads,
} from "../bench.ts";
import { spread } from "../statistics.ts";

const CONTENDERS: readonly Contender[] = ["handle", "handleBatch", "peer"];

/** Of 10,000 it would take half a minute a round. It is slower the more it has in its tables, so that fewer do it no wrong. */
const MOST_OF_PEER = 2_000;

/** (a) A burst, fan-out 1 and 5, handler instant. */
export async function bursts(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const what of burstsOf(bench)) {
    const peerDispatches = Math.min(what.dispatches, MOST_OF_PEER);
    const results = await alternate(CONTENDERS, bench.quick ? 2 : roundsOf(what), (contender) =>
      burst(bench, contender, contender === "peer" ? { ...what, dispatches: peerDispatches } : what),
    );
    rows.push({
      case: "a",
      title: titleOfBurst(what),
      ...(peerDispatches === what.dispatches ? {} : { note: ofPeer(peerDispatches) }),
      unit: "/s",
      values: spreads(results, spread),
      targets: { handle: 6, handleBatch: 10 },
    });
  }
  return rows;
}

/** The bursts of (a), and of (g). */
export function burstsOf({ quick }: Pick<Bench, "quick">): Burst[] {
  if (quick) return [{ route: "ONE", dispatches: 1_000, bytes: PAYLOAD_BYTES }];
  return [1_000, 10_000].flatMap((dispatches) =>
    (["ONE", "FIVE"] as const).map((route) => ({ route, dispatches, bytes: PAYLOAD_BYTES })),
  );
}

export const roundsOf = ({ dispatches }: Burst): number => (dispatches > 1_000 ? 3 : 5);

export const titleOfBurst = ({ dispatches, route }: Burst): string =>
  `burst of ${dispatches.toLocaleString("en-US")}, fan-out ${route === "FIVE" ? 5 : 1}`;
