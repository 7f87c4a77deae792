import type { FlowState } from "../../../../schema/contract/flow.ts";
import { DispatchId } from "../../components/Id.tsx";
import { Panel } from "../../components/Panels.tsx";
import { Status } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import { KEY_WAIT_WORDS, keyName, limitWords } from "../../format/flow-text.ts";
import { count } from "../../format/text.ts";
import { searchQuery } from "../../forms/filters.ts";

/** Keys shown of a destination. */
export const SHOWN_KEYS = 10;

/** Those of which something has to be told: what is held or paused first, then what has most waiting. */
export function keysToTell(...lists: (readonly FlowState[])[]): FlowState[] {
  const told = lists
    .flat()
    .filter((key) => key.waiting + key.behind + key.inFlight + key.held > 0 || key.pausedAt || key.override);
  return [...new Map(told.map((key) => [key.key, key])).values()];
}

/** The busiest and the blocked keys of a destination with limits or an order, and what can be done about each. */
export const KeysPanel = ({ keys, now }: { keys: readonly FlowState[]; now: Date }) => (
  <Panel title="Keys" id="keys" aside={<span class="dim">held and paused ones, then the busiest</span>}>
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
            <th>Oldest due</th>
            <th>
              <span class="hidden">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <KeyRow flow={key} now={now} />
          ))}
        </tbody>
      </table>
    )}
  </Panel>
);

const KeyRow = ({ flow, now }: { flow: FlowState; now: Date }) => (
  <tr>
    <td>
      <a
        href={`/dispatches${searchQuery({ destination: flow.destination, "flow-key": flow.key, status: ["ongoing"] })}`}
      >
        {keyName(flow.key)}
      </a>
      {flow.override === null ? undefined : <span class="dim"> by hand: {limitWords(flow.override)}</span>}
    </td>
    <td>
      <Waits flow={flow} now={now} />
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
    <td data-label="oldest due">
      {flow.oldestDue === null ? <span class="dim">–</span> : <Time at={flow.oldestDue} now={now} />}
    </td>
    <td>
      <KeyActions flow={flow} />
    </td>
  </tr>
);

const Waits = ({ flow, now }: { flow: FlowState; now: Date }) => {
  if (flow.pausedAt !== null) {
    return (
      <>
        <Status name="paused" text="paused" /> since <Time at={flow.pausedAt} now={now} clock />
        {flow.pauseReason === null ? "" : `: ${flow.pauseReason}`}
      </>
    );
  }
  if (flow.heldBy !== null) {
    return (
      <>
        <Status name="paused" text="held" /> by <DispatchId id={flow.heldBy} />
        {flow.held > 1 ? ` and ${count(flow.held - 1)} more` : ""}
      </>
    );
  }
  if (flow.waitingFor === null) return <span class="dim">–</span>;
  return (
    <>
      {KEY_WAIT_WORDS[flow.waitingFor]}
      {flow.wakeAt === null ? undefined : (
        <span class="dim">
          {" "}
          until <Time at={flow.wakeAt} now={now} clock />
        </span>
      )}
    </>
  );
};

const KeyActions = ({ flow }: { flow: FlowState }) => {
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
      {flow.pausedAt === null ? (
        <KeyForm flow={flow} action="pause" label={`Pause ${name}`}>
          Pause
        </KeyForm>
      ) : (
        <KeyForm flow={flow} action="resume" label={`Resume ${name}`}>
          Resume
        </KeyForm>
      )}
    </div>
  );
};

interface KeyFormProps {
  flow: FlowState;
  action: "pause" | "resume" | "release" | "reset";
  /** Of its field and what that holds; default the key. */
  name?: string;
  value?: string;
  label: string;
  children: string;
}

/** One button. Keys are encoded: pages spell controls out, and forms change line ends. */
const KeyForm = ({ flow, action, name = "key", value = flow.key, label, children }: KeyFormProps) => (
  <form method="post" action={`/destinations/${encodeURIComponent(flow.destination)}/keys/${action}`}>
    <input type="hidden" name={name} value={encodeURIComponent(value)} />
    <button type="submit" class="button" aria-label={label}>
      {children}
    </button>
  </form>
);
