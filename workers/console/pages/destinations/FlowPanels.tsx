import type { DestinationFlow, FlowState } from "../../../../schema/contract/flow.ts";
import type { KeyOf } from "../../../../schema/vocabulary/statuses.ts";
import { Time } from "../../components/Time.tsx";
import type { ConsoleContext } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { count } from "../../format/amounts.ts";
import { KEY_WAIT_WORDS, limitWords, ruleWords } from "../../format/flow-text.ts";
import { destinationPath } from "../../format/paths.ts";
import { KeysPanel } from "./KeysPanel.tsx";
import type { TypedLimits } from "./LimitsMenu.tsx";
import { OrdersPanel } from "./OrdersPanel.tsx";

/** The most keys shown in each list of a destination. */
const SHOWN_KEYS = 10;

/** The keys to show: first those that are held or paused, then those with the most waiting dispatches. */
async function keysOf(c: ConsoleContext, destination: string, of: KeyOf): Promise<FlowState[]> {
  const { operator } = c.var;
  const lists = await Promise.all([
    attempt(operator.flows({ of, destination, held: true }, { limit: SHOWN_KEYS })),
    attempt(operator.flows({ of, destination, waitingFor: "pause" }, { limit: SHOWN_KEYS })),
    attempt(operator.flows({ of, destination }, { limit: SHOWN_KEYS, order: "busiest" })),
  ]);
  const told = lists
    .flatMap(({ value }) => value?.items ?? [])
    .filter((key) => key.waiting + key.behind + key.inFlight + key.held > 0 || key.pausedAt || key.override);
  return [...new Map(told.map((key) => [key.key, key])).values()];
}

interface FlowPanelsProps {
  c: ConsoleContext;
  name: string;
  flow: DestinationFlow;
  /** The limits that were typed for one key, and refused. */
  typed: { key: string; fields: TypedLimits } | undefined;
  now: Date;
}

/** The waiting dispatches of a destination with limits or an order, by key. */
export async function flowPanels({ c, name, flow, typed, now }: FlowPanelsProps) {
  const [keys, orders] = await Promise.all([keysOf(c, name, "limits"), keysOf(c, name, "order")]);
  const { rules } = flow;
  const keyed = rules === null ? keys.some(({ key }) => key !== "") : rules.key !== undefined;
  return (
    <>
      <KeysPanel keys={keys} limits={keyed ? (rules?.key ?? {}) : undefined} typed={typed} now={now} />
      {orders.length === 0 ? undefined : <OrdersPanel keys={orders} now={now} />}
    </>
  );
}

/** The limits that an operator has set for the whole destination. */
export const SetByHand = ({ name, flow, now }: { name: string; flow: DestinationFlow; now: Date }) => (
  <form method="post" action={`${destinationPath(name)}/limits/reset`} class="advice s-paused">
    An operator has set other limits
    {flow.overrideUntil === null ? (
      ""
    ) : (
      <>
        {" "}
        until <Time at={flow.overrideUntil} now={now} clock />
      </>
    )}
    : {limitWords(flow.override ?? {})}.{" "}
    <button type="submit" class="button">
      Reset
    </button>
  </form>
);

/** The limits and the order, and what the destination waits for. */
export function flowFacts(flow: DestinationFlow | null): (readonly [string, string])[] {
  if (flow === null) return [];
  const { rules, inFlight, callsLastMinute, blocked } = flow;
  const waits = blocked === null ? "" : `; waits for ${KEY_WAIT_WORDS[blocked]}`;
  return [
    ["Limits", rules === null ? "no longer in the configuration" : ruleWords(rules)],
    ["Calls", `${count(inFlight)} in flight, ${count(callsLastMinute)} in the last minute${waits}`],
  ];
}
