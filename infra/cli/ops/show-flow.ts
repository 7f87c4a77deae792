import type { DestinationFlow, FlowState } from "../../../schema/contract/flow.ts";
import type { Page } from "../../../schema/contract/operator.ts";
import { DESTINATION } from "./common-columns.ts";
import type { Column } from "./fit-columns.ts";
import { limitText } from "./limit-text.ts";
import { at, more, record, short, table } from "./print.ts";

const KEY = (head: string): Column => ({ head, least: 8 });

export const showFlows = (page: Page<FlowState>): string =>
  page.items[0]?.of === "order"
    ? table(
        [
          DESTINATION,
          KEY("order"),
          "waiting",
          { head: "in flight", drop: 3 },
          { head: "first", below: true },
          { head: "first due", drop: 2 },
          { head: "waits for", least: 12, below: true },
          { head: "held by", below: true },
        ],
        page.items.map((k) => [
          k.destination,
          named(k),
          k.waiting,
          k.inFlight,
          k.head,
          k.oldestDue,
          waits(k),
          holder(k) ?? "-",
        ]),
      ) + more(page)
    : table(
        [
          DESTINATION,
          KEY("key"),
          "waiting",
          "behind",
          { head: "in flight", drop: 3 },
          { head: "last minute", drop: 1 },
          { head: "oldest due", drop: 2 },
          { head: "waits for", least: 12, below: true },
          { head: "held by", below: true },
          { head: "set by hand", below: true },
        ],
        page.items.map((k) => [
          k.destination,
          named(k),
          k.waiting,
          k.behind,
          k.inFlight,
          k.callsLastMinute,
          k.oldestDue,
          waits(k),
          k.heldBy === null ? "-" : `${holder(k)}, order ${k.heldOrder === "" ? "(none)" : k.heldOrder}`,
          k.override === null ? "-" : limitText(k.override, k.overrideUntil),
        ]),
      ) + ordered(page);

const named = ({ key }: FlowState) => (key === "" ? "(none)" : key);

const holder = ({ held, heldBy }: FlowState) =>
  heldBy === null ? undefined : `${heldBy}${held > 1 ? ` and ${held - 1} more` : ""}`;

/** Dispatches behind others are in an order, whose keys are another list. */
const ordered = (page: Page<FlowState>): string =>
  more(page) +
  (page.items.some(({ behind }) => behind > 0) ? "\n\ndispatches behind others, by order: --of order" : "");

const waits = ({ waitingFor, wakeAt, pausedAt, pauseReason }: FlowState): string => {
  if (pausedAt !== null) return `pause since ${at(pausedAt)}${pauseReason === null ? "" : `: ${short(pauseReason)}`}`;
  return `${waitingFor ?? "-"}${wakeAt === null || waitingFor === null ? "" : ` until ${at(wakeAt)}`}`;
};

/** A key, or a destination's limits, by names and values. */
export const showFlow = (flow: FlowState | DestinationFlow): string => record({ ...flow });
