import type { Operation } from "../../../schema/contract/operations.ts";
import { expectedText, operationState, outcomeText } from "../../../schema/text/outcome-text.ts";
import { MAX_REASON_PLACES } from "./common-columns.ts";
import { record, short, status, table } from "./print.ts";

export const showOperations = (operations: Operation[]): string =>
  table(
    [
      "operation",
      { head: "started", drop: 2 },
      { head: "actor", least: 6, drop: 4 },
      "action",
      "state",
      { head: "came to", least: 12 },
      { head: "examined", drop: 1 },
      { head: "affected", drop: 3 },
      { head: "arguments", least: 16, below: true },
    ],
    operations.map((o) => [
      o.id,
      o.createdAt,
      o.actor,
      o.action,
      stateOfOperation(o),
      outcomeText(o),
      o.examined,
      o.affected,
      short(JSON.stringify(o.arguments), MAX_REASON_PLACES),
    ]),
  );

/** The outcome in one word, in its colour: an operation is no success if everything that it made has failed again. */
function stateOfOperation(operation: Operation) {
  const { word, tone } = operationState(operation);
  return status(tone === "finished" ? "complete" : tone, word);
}

/** An operation with all its arguments, and what became of the dispatches that it made. */
export function showOperation(operation: Operation): string {
  const { outcome, expected, state: _, ...rest } = operation;
  const { name: __, ...counts } = outcome ?? {};
  return record({
    state: stateOfOperation(operation),
    cameTo: outcomeText(operation),
    ...rest,
    ...(expected === null ? {} : { expected: expectedText(expected) }),
    ...counts,
  });
}
