import type { FlowLimits, FlowState } from "../../../../schema/contract/flow.ts";
import { Panel } from "../../components/Panels.tsx";
import { Time } from "../../components/Time.tsx";
import { count } from "../../format/amounts.ts";
import { keyName, limitWords } from "../../format/flow-text.ts";
import { keyField, searchQuery } from "../../forms/filters.ts";
import { KeyForm, PauseKey } from "./KeyForm.tsx";
import { KeyWaits } from "./KeyWaits.tsx";
import { LimitsMenu, type TypedLimits } from "./LimitsMenu.tsx";

interface KeysPanelProps {
  keys: readonly FlowState[];
  /** The configured limits of each key; `undefined` if no limit has a key. */
  limits: FlowLimits | undefined;
  /** The limits that were typed for one key, and refused. */
  typed: { key: string; fields: TypedLimits } | undefined;
  now: Date;
}

/** The busiest and the blocked keys of a destination with limits, and the actions for each. */
export const KeysPanel = ({ keys, limits, typed, now }: KeysPanelProps) => (
  <Panel
    title={limits === undefined ? "What waits" : "Keys"}
    id="keys"
    aside={limits === undefined ? undefined : <span class="dim">held and paused ones, then the busiest</span>}
  >
    {keys.length === 0 ? (
      <p class="dim">Nothing waits.</p>
    ) : (
      <table class="rows keys">
        <caption class="hidden">Its keys, and what they wait for</caption>
        <thead>
          <tr>
            <th>Key</th>
            <th>Waits for</th>
            <th class="num">Waiting</th>
            <th class="num">Behind</th>
            <th class="num">In flight</th>
            <th class="num">Calls, last minute</th>
            <th>Oldest due</th>
            <th>
              <span class="hidden">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <KeyRow flow={key} limits={limits} typed={typed?.key === key.key ? typed.fields : undefined} now={now} />
          ))}
        </tbody>
      </table>
    )}
  </Panel>
);

interface KeyRowProps extends Pick<KeysPanelProps, "limits" | "now"> {
  flow: FlowState;
  typed: TypedLimits | undefined;
}

const KeyRow = ({ flow, limits, typed, now }: KeyRowProps) => (
  <tr>
    <td>
      <a
        href={`/dispatches${searchQuery({ destination: flow.destination, "flow-key": limits === undefined ? flow.key : keyField(flow.key), status: ["ongoing"] })}`}
      >
        {limits === undefined && flow.key === "" ? "all of it" : keyName(flow.key)}
      </a>
      {flow.override === null ? undefined : (
        <span class="dim">
          {" "}
          by hand: {limitWords(flow.override)}
          {flow.overrideUntil === null ? undefined : (
            <>
              , until <Time at={flow.overrideUntil} now={now} clock />
            </>
          )}
        </span>
      )}
    </td>
    <td>
      <KeyWaits flow={flow} now={now} />
    </td>
    <td class="num" data-label="waiting">
      {count(flow.waiting)}
    </td>
    <td class="num" data-label="behind">
      {count(flow.behind)}
    </td>
    <td class="num" data-label="in flight">
      {count(flow.inFlight)}
    </td>
    <td class="num" data-label="last minute">
      {count(flow.callsLastMinute ?? 0)}
    </td>
    <td data-label="oldest due">
      {flow.oldestDue === null ? <span class="dim">–</span> : <Time at={flow.oldestDue} now={now} />}
    </td>
    <td>
      <KeyActions flow={flow} limits={limits} typed={typed} />
    </td>
  </tr>
);

/** The actions for a key. If no limit has a key, they can only undo earlier actions; the others are beside the destination's name. */
const KeyActions = ({ flow, limits, typed }: Omit<KeyRowProps, "now">) => {
  const name = keyName(flow.key);
  return (
    <div class="actions">
      {flow.heldOrder === null ? undefined : (
        <KeyForm
          flow={flow}
          action="release"
          name="order"
          value={flow.heldOrder}
          label={`Release ${flow.heldOrder || name}`}
        >
          Release
        </KeyForm>
      )}
      {flow.override === null ? undefined : (
        <KeyForm flow={flow} action="reset" label={`Reset the limits of ${name}`}>
          Reset
        </KeyForm>
      )}
      {limits === undefined ? undefined : (
        <LimitsMenu destination={flow.destination} keyed={{ key: flow.key, name }} limits={limits} typed={typed} />
      )}
      {limits === undefined && flow.pausedAt === null ? undefined : <PauseKey flow={flow} name={name} />}
    </div>
  );
};
