import { DELIVERED_STATUSES, UNHAPPY_STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import { count } from "../../format/amounts.ts";
import type { ChartRange } from "../../format/buckets.ts";
import { type Search, searchQuery } from "../../forms/filters.ts";
import type { FlowRow } from "./flow-totals.ts";

interface TotalsProps {
  total: Omit<FlowRow, "at">;
  ongoing: number;
  /** The time range of the totals. */
  search: ChartRange["search"];
  /** `undefined` for all destinations. */
  destination: string | undefined;
  /** One of the destination's routes; `undefined` for all of them. */
  route: string | undefined;
}

/** The totals above the charts, each with a link to what it counts. */
export const Totals = ({ total, ongoing, search, destination, route }: TotalsProps) => {
  const { emitted, delivered, failed } = total;
  const of = { ...(destination && { destination }), ...(route && { route }) };
  const dispatches = (rest: Partial<Search>) => `/dispatches${searchQuery({ ...rest, ...of })}`;
  const finished = (status: string[]) => dispatches({ status, ...search, of: "finished" });
  const tiles: (readonly [name: string, value: number, href: string, tone: string])[] = [
    destination === undefined
      ? ["Events emitted", emitted, `/events${searchQuery(search)}`, ""]
      : ["Dispatched", emitted, dispatches(search), ""],
    ["Delivered", delivered, finished([...DELIVERED_STATUSES]), ""],
    ["Failed", failed, finished([...UNHAPPY_STATUSES]), failed > 0 ? "bad" : ""],
    ["Ongoing now", ongoing, dispatches({ status: ["ongoing"] }), ""],
  ];
  return (
    <div class="tiles">
      {tiles.map(([name, value, href, tone]) => (
        <a class="tile" href={href}>
          <span class="dim">{name}</span>
          <span class={`tile-value num ${tone}`}>{count(value)}</span>
        </a>
      ))}
    </div>
  );
};
