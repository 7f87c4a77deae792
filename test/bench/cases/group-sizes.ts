import { DEFAULT_GROUP_SIZE } from "../../../schema/vocabulary/defaults.ts";
import { alternate, type Bench, type Burst, burst, PAYLOAD_BYTES, type Row } from "../bench.ts";
import { GROUP_SIZES } from "../stack/ours.ts";
import { spread } from "../statistics.ts";

const DISPATCHES = 10_000;
const ROUNDS = 3;

/** (i) A burst with `handle`, by the destination's `groupSize`: what the default is worth. Only our hub has groups. */
export async function groupSizes(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const consumer of ["ONE", "SLOW"] as const) {
    const routes = [...GROUP_SIZES.map((size) => `${consumer}_IN_${size}` as const), consumer];
    const results = await alternate(routes, ROUNDS, (route: Burst["route"]) =>
      burst(bench, "handle", { route, dispatches: DISPATCHES, bytes: PAYLOAD_BYTES }),
    );
    for (const [i, route] of routes.entries()) {
      rows.push({
        case: "i",
        title: `burst of ${DISPATCHES.toLocaleString("en-US")}${consumer === "SLOW" ? ", handler of 100 ms" : ""}, groups of ${GROUP_SIZES[i] ?? DEFAULT_GROUP_SIZE}`,
        unit: "/s",
        values: { handle: spread(results[route] ?? []) },
      });
    }
  }
  return rows;
}
