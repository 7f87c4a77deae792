import {
  alternate,
  type Bench,
  type Burst,
  burst,
  type Contender,
  PAYLOAD_BYTES,
  type Row,
  spreads,
} from "../bench.ts";
import { spread } from "../statistics.ts";

const ALL: readonly Contender[] = ["handle", "handleBatch", "peer"];
const OURS: readonly Contender[] = ["handle", "handleBatch"];

/** (a) A burst, fan-out 1 and 5, handler instant. */
export async function bursts(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const what of sizes(bench)) {
    const values = await measure(bench, what, ALL);
    rows.push({ case: "a", title: titleOf(what), unit: "/s", values, targets: { handle: 6, handleBatch: 10 } });
  }
  return rows;
}

/** Beside a million rows the peer reads its table of executions once for each dispatch, as no index serves it: some ten a second. */
const PEER_DISPATCHES_BESIDE = 100;

/** The bursts of (g), each with its row of (a) if that was measured; the peer takes part in the first. */
export async function burstsBeside(bench: Bench, title: string, empty: readonly Row[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [index, what] of sizes(bench).entries()) {
    const values = await measure(bench, what, index === 0 ? ALL : OURS, PEER_DISPATCHES_BESIDE);
    const before = empty.find((row) => row.case === "a" && row.title === titleOf(what));
    rows.push({
      case: "g",
      title: `${title}: ${titleOf(what)}`,
      ...(index === 0 ? { note: `${PEER_DISPATCHES_BESIDE} for the peer` } : {}),
      unit: "/s",
      values,
      ...(before === undefined ? {} : { empty: before.values }),
    });
  }
  return rows;
}

function sizes({ quick }: Bench): Burst[] {
  if (quick) return [{ route: "ONE", dispatches: 1_000, bytes: PAYLOAD_BYTES }];
  return [1_000, 10_000].flatMap((dispatches) =>
    (["ONE", "FIVE"] as const).map((route) => ({ route, dispatches, bytes: PAYLOAD_BYTES })),
  );
}

async function measure(
  bench: Bench,
  what: Burst,
  contenders: readonly Contender[],
  peerDispatches = what.dispatches,
): Promise<Row["values"]> {
  const rounds = bench.quick ? 2 : what.dispatches > 1_000 ? 3 : 5;
  const results = await alternate(contenders, rounds, (contender) =>
    burst(bench, contender, contender === "peer" ? { ...what, dispatches: peerDispatches } : what),
  );
  return spreads(results, spread);
}

const titleOf = ({ dispatches, route }: Burst) =>
  `burst of ${dispatches.toLocaleString("en-US")}, fan-out ${route === "FIVE" ? 5 : 1}`;
