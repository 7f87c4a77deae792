import type { Operation, OperationOutcome } from "../../../../schema/contract/operations.ts";
import { outcomeText } from "../../../../schema/text/outcome-text.ts";
import { UNHAPPY_STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import { type Tile, Tiles } from "../../components/Tiles.tsx";
import { count } from "../../format/amounts.ts";
import { duration } from "../../format/time.ts";
import { searchQuery } from "../../forms/filters.ts";

/** The outcome of an operation's dispatches, with links to them. */
export const OutcomePanel = ({ operation, outcome }: { operation: Operation; outcome: OperationOutcome }) => {
  const { failed, retried } = outcome;
  const left = failed - retried;
  return (
    <div id="outcome">
      <p class={`advice s-${failed > 0 ? "failed" : outcome.name === "delivered" ? "complete" : "ongoing"}`}>
        {outcomeText(operation)}.{" "}
        {retried === 0
          ? undefined
          : `${count(retried)} of those that failed ${retried === 1 ? "was" : "were"} retried since. `}
        {left > 0 ? (
          <a
            href={`/dispatches${searchQuery({ operation: operation.id, status: [...UNHAPPY_STATUSES], retried: "no" })}`}
          >
            See why {count(left)} did not get through
          </a>
        ) : outcome.name === "delivered" ? (
          <a href="/">Back to the overview</a>
        ) : undefined}
      </p>
      <Counts operation={operation} outcome={outcome} />
    </div>
  );
};

/** The numbers of dispatches that were made, delivered, failed and so on, all in one unit, and how long the operation takes. */
const Counts = ({ operation, outcome }: { operation: Operation; outcome: OperationOutcome }) => {
  const { affected, expected } = operation;
  const { counted, delivered, failed, held, ongoing, cancelled, remaining, secondsLeft } = outcome;
  const more = expected?.exact === false ? "more than " : "";
  const tiles: Tile[] = [
    { name: "Made", value: count(affected) },
    { name: "Delivered", value: count(delivered) },
    { name: "Failed", value: count(failed), tone: failed > 0 ? "bad" : "" },
    { name: "Held", value: count(held) },
    { name: "Under way", value: count(ongoing) },
    ...(cancelled > 0 ? [{ name: "Cancelled", value: count(cancelled) }] : []),
    ...(remaining === null ? [] : [{ name: "To be made", value: `${more}${count(remaining)}` }]),
    ...(secondsLeft === null ? [] : [{ name: "The last is due in", value: duration(secondsLeft * 1_000) }]),
  ];
  return (
    <>
      <Tiles tiles={tiles} />
      {counted < affected ? (
        <p class="dim">
          What became of them is counted of {count(counted)}: the first ones, as far as retention has not removed them.
        </p>
      ) : undefined}
    </>
  );
};
