import type { FlowState } from "../../../../schema/contract/flow.ts";
import { DispatchId } from "../../components/Id.tsx";
import { Panel } from "../../components/Panels.tsx";
import { Time } from "../../components/Time.tsx";
import { count } from "../../format/amounts.ts";
import { keyName } from "../../format/flow-text.ts";
import { keyField, searchQuery } from "../../forms/filters.ts";
import { KeyForm, PauseKey } from "./KeyForm.tsx";
import { KeyWaits } from "./KeyWaits.tsx";

/** The longest and the blocked keys of a destination's order, and the actions for each. */
export const OrdersPanel = ({ keys, now }: { keys: readonly FlowState[]; now: Date }) => (
  <Panel title="Keys of its order" id="orders" aside={<span class="dim">held and paused ones, then the longest</span>}>
    {keys.length === 0 ? (
      <p class="dim">Nothing waits.</p>
    ) : (
      <table class="rows keys">
        <caption class="hidden">The keys of its order, and what they wait for</caption>
        <thead>
          <tr>
            <th>Key</th>
            <th>Waits for</th>
            <th class="num">Waiting</th>
            <th class="num">In flight</th>
            <th>First</th>
            <th>Due</th>
            <th>
              <span class="hidden">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <OrderRow flow={key} now={now} />
          ))}
        </tbody>
      </table>
    )}
  </Panel>
);

const OrderRow = ({ flow, now }: { flow: FlowState; now: Date }) => {
  const { destination, key } = flow;
  const name = keyName(key);
  return (
    <tr>
      <td>
        <a href={`/dispatches${searchQuery({ destination, "order-key": keyField(key), status: ["ongoing"] })}`}>
          {name}
        </a>
      </td>
      <td>
        <KeyWaits flow={flow} now={now} />
      </td>
      <td class="num" data-label="waiting">
        {count(flow.waiting)}
      </td>
      <td class="num" data-label="in flight">
        {count(flow.inFlight)}
      </td>
      <td data-label="first">{flow.head === null ? <span class="dim">–</span> : <DispatchId id={flow.head} />}</td>
      <td data-label="due">
        {flow.oldestDue === null ? <span class="dim">–</span> : <Time at={flow.oldestDue} now={now} />}
      </td>
      <td>
        <div class="actions">
          {flow.heldBy === null ? undefined : (
            <KeyForm flow={flow} action="release" name="order" label={`Release ${name}`}>
              Release
            </KeyForm>
          )}
          <PauseKey flow={flow} name={name} />
        </div>
      </td>
    </tr>
  );
};
