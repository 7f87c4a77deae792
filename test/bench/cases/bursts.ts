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

/** The bursts of (g), each with its row of (a) if that was measured: the peer takes part in the small ones, since a large one takes it a minute. */
export async function burstsBeside(bench: Bench, title: string, empty: readonly Row[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const what of sizes(bench)) {
    const values = await measure(bench, what, what.dispatches > 1_000 ? OURS : ALL);
    const before = empty.find((row) => row.title === titleOf(what));
    rows.push({
      case: "g",
      title: `${title}: ${titleOf(what)}`,
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

async function measure(bench: Bench, what: Burst, contenders: readonly Contender[]): Promise<Row["values"]> {
  const rounds = bench.quick ? 2 : what.dispatches > 1_000 ? 3 : 5;
  return spreads(await alternate(contenders, rounds, (contender) => burst(bench, contender, what)), spread);
}

const titleOf = ({ dispatches, route }: Burst) =>
  `burst of ${dispatches.toLocaleString("en-US")}, fan-out ${route === "FIVE" ? 5 : 1}`;
