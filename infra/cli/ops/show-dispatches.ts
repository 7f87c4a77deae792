import type { DispatchWaiting } from "../../../schema/contract/flow.ts";
import type { DispatchDetail, DispatchSummary, Page } from "../../../schema/contract/operator.ts";
import { DESTINATION, MAX_REASON_PLACES } from "./common-columns.ts";
import { more, record, short, status, table } from "./print.ts";

export const showDispatches = (page: Page<DispatchSummary>): string =>
  table(
    [
      "dispatch",
      { head: "created", drop: 3 },
      DESTINATION,
      { head: "route", least: 8, drop: 1 },
      "status",
      { head: "attempts", drop: 2 },
      { head: "reason", least: 16 },
    ],
    page.items.map((d) => [
      d.id,
      d.createdAt,
      d.destination,
      d.route,
      status(d.status),
      d.attempts,
      short(d.reason, MAX_REASON_PLACES),
    ]),
  ) + more(page);

/** What a dispatch waits for, in a few words. */
function waitText(
  { for: what, ahead, head, heldBy }: DispatchWaiting,
  { id, orderKey, flowKey }: DispatchSummary,
): string {
  const first = head === null || head === id ? "" : `, first ${head}`;
  const before = `${ahead} before it in ${head === null ? `key ${flowKey}` : `order ${orderKey}`}${first}`;
  return `${what}: ${before}${heldBy === null ? "" : `, held by ${heldBy}`}`;
}

export function showDispatch({ event, executions, waiting, ...dispatch }: DispatchDetail): string {
  const attempts = table(
    ["attempt", "started", "ms", "result", { head: "instance", least: 10, drop: 1 }, { head: "reason", least: 16 }],
    executions.map((x) => [
      x.attempt,
      x.startedAt,
      x.finishedAt.getTime() - x.startedAt.getTime(),
      status(x.result),
      x.instanceId,
      short(x.reason, MAX_REASON_PLACES),
    ]),
    "no attempt has ended yet",
  );
  const values = {
    ...dispatch,
    status: status(dispatch.status),
    ...(waiting === null ? {} : { waitsFor: waitText(waiting, dispatch) }),
    emittedAt: event.createdAt,
    idempotencyKey: event.idempotencyKey,
  };
  return `${record(values)}\n${attempts}`;
}
