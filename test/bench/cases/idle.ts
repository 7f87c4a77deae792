import { setTimeout as sleep } from "node:timers/promises";
import { ENQUEUE_INTERVAL_MS } from "../../../workers/hub/emit/enqueue.ts";
import { alternate, type Bench, type Contender, emit, PAYLOAD_BYTES, type Row, spreads, systemOf } from "../bench.ts";
import { quantile, spread } from "../statistics.ts";

/** The time between two events. It is longer than our hub gathers dispatches for one queue message, and the previous event is done by then. */
const IDLE_MS = 2 * ENQUEUE_INTERVAL_MS;

const CONTENDERS: readonly Contender[] = ["handle", "handleBatch", "peer"];

/** (d) One event on an idle system, from the call of `emit` to the recorded result. */
export async function idle(bench: Bench): Promise<Row[]> {
  for (const contender of CONTENDERS) await systemOf(bench, contender).reset();
  const results = await alternate(CONTENDERS, bench.quick ? 4 : 30, async (contender) => {
    const load = { route: "ONE", events: 1, perCall: 1, connections: 1, bytes: PAYLOAD_BYTES };
    const { startedAt } = await emit(bench, contender, load);
    const last = await systemOf(bench, contender).settled(startedAt, 1);
    await sleep(IDLE_MS);
    return last - startedAt;
  });
  return [
    {
      case: "d",
      title: "one event, emit to result",
      unit: "ms",
      values: spreads(results, spread),
      targets: { handle: 0.4, handleBatch: 0.4 },
    },
    {
      case: "d",
      title: "one event, emit to result, p90",
      unit: "ms",
      values: spreads(results, (values) => spread([quantile(values, 0.9)])),
      targets: { handle: 0.4, handleBatch: 0.4 },
    },
  ];
}
