/** The outcome of bulk work, in the words of the console and of the terminal. */
import type { DispatchesDryRun, Operation, OperationOutcome } from "../contract/operations.ts";
import type { DispatchStatus, OperationAction } from "../vocabulary/statuses.ts";

const NUMBER = new Intl.NumberFormat("en");
const number = (n: number): string => NUMBER.format(n);

/** A dispatch that fails after one of these has failed again. */
const AGAIN: ReadonlySet<OperationAction> = new Set(["retry_dispatch", "retry_dispatches"]);

/** The state of an operation in a word, and the status whose colour suits it: an operation whose dispatches failed is not merely finished. */
export function operationState({ state, outcome }: Operation): { word: string; tone: DispatchStatus | "finished" } {
  if (outcome?.name === "failed" || outcome?.name === "partly_failed")
    return { word: state === "finished" ? "failed" : state, tone: "failed" };
  if (state === "running") return { word: "running", tone: "ongoing" };
  if (state === "stopped") return { word: "stopped", tone: "cancelled" };
  switch (outcome?.name) {
    case "ongoing":
      return { word: outcome.ongoing === 0 ? "held" : "under way", tone: "ongoing" };
    case "cancelled":
      return { word: "cancelled", tone: "cancelled" };
    case "nothing":
    case "removed":
      return { word: "finished", tone: "ignored" };
    default:
      return { word: "finished", tone: "finished" };
  }
}

/** `8 of 8 failed again`, `120 of 330 delivered, 4 held`; `undefined` for an operation that makes no dispatches. */
export function outcomeText({ action, affected, outcome }: Operation): string | undefined {
  if (outcome === null) return undefined;
  if (outcome.name === "nothing") return "nothing to do";
  if (affected === 0) return "nothing made so far";
  if (outcome.name === "removed") return `${number(affected)} made, removed by retention since`;
  const of = (n: number) => `${number(n)} of ${number(outcome.counted)}`;
  const parts = [
    ...(outcome.failed > 0 ? [`${of(outcome.failed)} failed${AGAIN.has(action) ? " again" : ""}`] : []),
    ...(outcome.failed < outcome.counted || outcome.failed === 0 ? [`${deliveredText(outcome, of)}`] : []),
    ...(outcome.held > 0 ? [`${number(outcome.held)} held`] : []),
    ...(outcome.cancelled > 0 ? [`${number(outcome.cancelled)} cancelled`] : []),
  ];
  const counted = outcome.counted < affected ? ` (of the ${number(affected)} made)` : "";
  return `${parts.join(", ")}${counted}`;
}

const deliveredText = ({ delivered, counted }: OperationOutcome, of: (n: number) => string) =>
  delivered === counted && counted > 1 ? `all ${number(counted)} delivered` : `${of(delivered)} delivered`;

/** `13,000`, or `more than 13,000` if not all were counted. */
export const expectedText = ({ dispatches, exact }: Pick<DispatchesDryRun, "dispatches" | "exact">): string =>
  `${exact ? "" : "more than "}${number(dispatches)}`;
