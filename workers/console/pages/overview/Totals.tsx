import { DELIVERED_STATUSES, UNHAPPY_STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import { count } from "../../format/text.ts";
import { searchQuery } from "../../forms/filters.ts";
import type { FlowRow } from "./chart.ts";

interface TotalsProps {
  total: Omit<FlowRow, "at">;
  ongoing: number;
  period: string;
}

/** The sums over the charts, each with the way to what it counts. */
export const Totals = ({ total, ongoing, period }: TotalsProps) => {
  const { emitted, delivered, failed } = total;
  const finished = (status: string[]) => `/dispatches${searchQuery({ status, period, of: "finished" })}`;
  const tiles = [
    ["Events emitted", emitted, `/events?period=${period}`, ""],
    ["Delivered", delivered, finished([...DELIVERED_STATUSES]), ""],
    ["Failed", failed, finished([...UNHAPPY_STATUSES]), failed > 0 ? "bad" : ""],
    ["Ongoing now", ongoing, "/dispatches?status=ongoing", ""],
  ] as const;
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
