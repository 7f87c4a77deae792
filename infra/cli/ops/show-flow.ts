import type { DestinationFlow, FlowLimits, FlowState } from "../../../schema/contract/flow.ts";
import type { Page } from "../../../schema/contract/operator.ts";
import { at, record, short, table } from "./print.ts";
import { more } from "./show.ts";

export const showFlows = (page: Page<FlowState>): string =>
  table(
    ["destination", "key", "waiting", "behind", "in flight", "oldest due", "waits for", "held by", "set by hand"],
    page.items.map((k) => [
      k.destination,
      k.key === "" ? "(none)" : k.key,
      k.waiting,
      k.behind,
      k.inFlight,
      k.oldestDue,
      waits(k),
      k.heldBy === null ? "-" : `${k.heldBy}${k.held > 1 ? ` and ${k.held - 1} more` : ""}, order ${k.heldOrder}`,
      k.override === null ? "-" : limits(k.override, k.overrideUntil),
    ]),
  ) + more(page);

const waits = ({ waitingFor, wakeAt, pausedAt, pauseReason }: FlowState): string => {
  if (pausedAt !== null) return `pause since ${at(pausedAt)}${pauseReason === null ? "" : `: ${short(pauseReason)}`}`;
  return `${waitingFor ?? "-"}${wakeAt === null || waitingFor === null ? "" : ` until ${at(wakeAt)}`}`;
};

const limits = ({ rate, concurrency, weight }: FlowLimits, until: Date | null): string =>
  [
    ...(rate === undefined
      ? []
      : [rate === null ? "no rate" : `rate ${rate.limit}/${rate.perSeconds} s, burst ${rate.burst ?? 1}`]),
    ...(concurrency === undefined ? [] : [concurrency === null ? "no concurrency" : `concurrency ${concurrency}`]),
    ...(weight === undefined ? [] : [`weight ${weight}`]),
    `until ${at(until)}`,
  ].join(", ");

/** A key, or a destination's limits, by names and values. */
export const showFlow = (flow: FlowState | DestinationFlow): string => record({ ...flow });
