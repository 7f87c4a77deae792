import type { Operation } from "../../../../schema/contract/operator.ts";
import { UNHAPPY_STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import { StatusCounts } from "../../components/Status.tsx";
import { count } from "../../format/text.ts";
import { searchQuery } from "../../forms/filters.ts";
import type { Outcome } from "./outcome.ts";

/** What became of all that an operation has made, and where to go from there. */
export const OutcomePanel = ({ operation, outcome }: { operation: Operation; outcome: Outcome }) => {
  const { statuses, again, unhappy } = outcome;
  const ongoing = statuses.ongoing ?? 0;
  const through = operation.state === "finished" && ongoing === 0;
  const tone = unhappy > 0 ? "failed" : through ? "complete" : "ongoing";
  return (
    <div id="outcome" class={`advice s-${tone}`}>
      <StatusCounts statuses={statuses} />
      {again === 0 ? undefined : <p>{count(again)} of them were retried since, or removed by retention.</p>}
      {unhappy > 0 ? (
        <p>
          {count(unhappy)} did not get through this time either:{" "}
          <a
            href={`/dispatches${searchQuery({ operation: operation.id, status: [...UNHAPPY_STATUSES], retried: "no" })}`}
          >
            see why
          </a>
          .
        </p>
      ) : through && again === 0 ? (
        <p>
          That is all of them. <a href="/">Back to the overview</a>
        </p>
      ) : undefined}
    </div>
  );
};
