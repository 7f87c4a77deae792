import type { DispatchDetail } from "../../../../schema/contract/operator.ts";
import { isDelivered } from "../../../../schema/vocabulary/statuses.ts";
import { keyName } from "../../format/flow-text.ts";

/** The typed settings of a retry by name, to show them again. */
export type TypedOverrides = Readonly<Record<string, string>>;

/** The actions for a dispatch: cancel it, go to its retry, or retry it, also with other settings. */
export const DispatchActions = ({ dispatch, typed }: { dispatch: DispatchDetail; typed: TypedOverrides }) => {
  if (dispatch.status === "ongoing") {
    return (
      <details class="menu">
        <summary class="button">Cancel…</summary>
        <form method="post" action={`/dispatches/${dispatch.id}/cancel`} class="menu-body">
          <p>
            {dispatch.destination} will not get this event any more. A call in flight is not interrupted. This cannot be
            undone, but a cancelled dispatch can be retried.
          </p>
          <button type="submit" class="button danger">
            Cancel this dispatch
          </button>
        </form>
      </details>
    );
  }
  if (dispatch.retriedBy !== null) {
    return (
      <a class="button" href={`/dispatches/${dispatch.retriedBy}`}>
        Go to its retry
      </a>
    );
  }
  return (
    <>
      {dispatch.held ? <Release dispatch={dispatch} /> : undefined}
      <Retry dispatch={dispatch} typed={typed} />
    </>
  );
};

/** Releases the key: it goes on without this dispatch. */
const Release = ({ dispatch }: { dispatch: DispatchDetail }) => (
  <details class="menu">
    <summary class="button">Release its key…</summary>
    <form method="post" action={`/dispatches/${dispatch.id}/release`} class="menu-body">
      <p>
        What follows in key {keyName(dispatch.orderKey ?? "")} is called without this one. If you retry this one later,
        it comes after them.
      </p>
      <button type="submit" class="button danger">
        Go on without it
      </button>
    </form>
  </details>
);

const Retry = ({ dispatch, typed }: { dispatch: DispatchDetail; typed: TypedOverrides }) => (
  <form method="post" action={`/dispatches/${dispatch.id}/retry`} class="retry">
    <button type="submit" class={isDelivered(dispatch.status) ? "button" : "button primary"}>
      Retry
    </button>
    <details class="menu" {...(Object.keys(typed).length > 0 ? { open: true } : {})}>
      <summary class="button">Retry with other settings…</summary>
      <div class="menu-body">
        <Override name="maxRetries" label="Retries after the first attempt" typed={typed} usual={dispatch.maxRetries} />
        <Override name="timeoutSeconds" label="Seconds for one call" typed={typed} usual={dispatch.timeoutSeconds} />
        <Override name="delaySeconds" label="Seconds to wait before" typed={typed} usual={0} />
        <button type="submit" class="button">
          Retry with these
        </button>
      </div>
    </details>
  </form>
);

interface OverrideProps {
  name: string;
  label: string;
  typed: TypedOverrides;
  usual: number;
}

const Override = ({ name, label, typed, usual }: OverrideProps) => (
  <label class="field">
    <span>{label}</span>
    <input type="text" inputmode="numeric" name={name} value={typed[name] ?? ""} placeholder={String(usual)} />
  </label>
);
