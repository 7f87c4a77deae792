import type { DispatchesDryRun, Operation, ReplayDryRun } from "../../../schema/contract/operations.ts";
import { expectedText } from "../../../schema/text/outcome-text.ts";
import { DESTINATION } from "./common-columns.ts";
import { status, table } from "./print.ts";
import { showOperations } from "./show-operations.ts";

/** What bulk work did, or would do. */
export function showBulk(answer: Operation | DispatchesDryRun | ReplayDryRun): string {
  if ("state" in answer) return showOperations([answer]);
  if ("groups" in answer) {
    const rows = answer.groups.map((group) => [group.destination, status(group.status), group.dispatches]);
    const groups = table([DESTINATION, "status", "dispatches"], rows);
    return `${groups}\n${orderLost(answer)}${leftOut(answer)}in all ${expectedText(answer)}: nothing was done`;
  }
  const rows = answer.destinations.map((row) => [row.destination, row.dispatches, row.same, row.current]);
  const differ = answer.examples.map((event) => [event.eventId, event.same.join(" "), event.current.join(" ")]);
  return [
    table([DESTINATION, "would create", "same routing", "current routing"], rows),
    `${orderLost(answer)}${leftOut(answer)}${expectedText(answer)} dispatches of ${answer.events} events (${answer.skipped} without payload): nothing was done`,
    answer.differing === 0
      ? "the two routings agree"
      : `the two routings differ for ${answer.differing} events:\n${table(["event", { head: "same", least: 8 }, { head: "current", least: 8 }], differ)}`,
  ].join("\n");
}

/** A preview's text about an order that the work would not keep. */
const orderLost = ({ outOfOrder = 0 }: { outOfOrder?: number }) =>
  outOfOrder === 0 ? "" : `the order is lost for ${outOfOrder}: they are called after dispatches that came later\n`;

/** What the work would leave alone, according to a preview. */
const leftOut = ({ limited, skipped = 0 }: { limited: boolean; skipped?: number }) =>
  `${skipped === 0 ? "" : `${skipped} more are left out, because retention has removed their payload\n`}${limited ? "--limit is reached: newer ones would be left alone\n" : ""}`;
