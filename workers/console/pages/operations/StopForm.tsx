import { v7 as uuidv7 } from "uuid";
import type { Operation } from "../../../../schema/contract/operations.ts";
import { searchQuery } from "../../forms/filters.ts";

/** Stops running bulk work at once. That undoes nothing, but the dispatches that were made can then be cancelled. */
export const StopForm = ({ operation }: { operation: Operation }) => (
  <form method="post" action={`/operations/${operation.id}/stop`}>
    <input type="hidden" name="operationId" value={uuidv7()} />
    <button type="submit" class="button danger">
      Stop
    </button>
  </form>
);

/** A link to cancel the ongoing dispatches that it has made. */
export const CancelMade = ({ operation }: { operation: Operation }) => {
  const { held = 0, ongoing = 0 } = operation.outcome ?? {};
  if (held + ongoing === 0) return undefined;
  return (
    <a class="button" href={`/dispatches/cancel${searchQuery({ operation: operation.id })}`}>
      Cancel what is ongoing…
    </a>
  );
};
