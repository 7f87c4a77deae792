import type { FlowState } from "../../../../schema/contract/flow.ts";
import { DispatchId } from "../../components/Id.tsx";
import { Status } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import { count } from "../../format/amounts.ts";
import { KEY_WAIT_WORDS } from "../../format/flow-text.ts";

/** The reason why a key waits: an operator, an earlier failure, or a limit. */
export const KeyWaits = ({ flow, now }: { flow: FlowState; now: Date }) => {
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
