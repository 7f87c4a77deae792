import type { FlowState } from "../../../../schema/contract/flow.ts";

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
export const KeyForm = ({ flow, action, name = "key", value = flow.key, label, children }: KeyFormProps) => (
  <form method="post" action={`/destinations/${encodeURIComponent(flow.destination)}/keys/${action}`}>
    <input type="hidden" name={name} value={encodeURIComponent(value)} />
    <input type="hidden" name="of" value={flow.of} />
    <button type="submit" class="button" aria-label={label}>
      {children}
    </button>
  </form>
);

/** Pauses a key, or lets it go again. */
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
