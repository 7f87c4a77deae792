import type { FlowState } from "../../../../schema/contract/flow.ts";
import { destinationPath } from "../../format/paths.ts";

interface KeyFormProps {
  flow: FlowState;
  action: "pause" | "resume" | "release" | "reset";
  /** The name of the hidden field. Default `key`; its `value` is the flow's key by default. */
  name?: string;
  value?: string;
  label: string;
  children: string;
}

/** A form with one button. The key is encoded, because pages spell out control characters, and forms change line ends. */
export const KeyForm = ({ flow, action, name = "key", value = flow.key, label, children }: KeyFormProps) => (
  <form method="post" action={`${destinationPath(flow.destination)}/keys/${action}`}>
    <input type="hidden" name={name} value={encodeURIComponent(value)} />
    <input type="hidden" name="of" value={flow.of} />
    <button type="submit" class="button" aria-label={label}>
      {children}
    </button>
  </form>
);

/** Pauses or resumes a key. */
export const PauseKey = ({ flow, name }: { flow: FlowState; name: string }) =>
  flow.pausedAt === null ? (
    <KeyForm flow={flow} action="pause" label={`Pause ${name}`}>
      Pause
    </KeyForm>
  ) : (
    <KeyForm flow={flow} action="resume" label={`Resume ${name}`}>
      Resume
    </KeyForm>
  );
