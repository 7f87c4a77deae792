import type { FlowLimits } from "../../../../schema/contract/flow.ts";
import { Choice } from "../../components/Fields.tsx";
import { limitWords } from "../../format/flow-text.ts";
import { destinationPath } from "../../format/paths.ts";
import { LIMIT_PERIODS } from "../../forms/limit-setting.ts";

/** The texts that were typed into the form, by field, to show them again. */
export type TypedLimits = Readonly<Record<string, string>>;

interface LimitsMenuProps {
  destination: string;
  /** The key to set limits for. Without it, the whole destination. */
  keyed?: { key: string; name: string };
  /** The present limits, configured or set by hand. */
  limits: FlowLimits;
  /** The texts that were typed before, and refused. */
  typed?: TypedLimits | undefined;
}

/** The form that sets other limits for a while. */
export const LimitsMenu = ({ destination, keyed, limits, typed }: LimitsMenuProps) => {
  const path = `${destinationPath(destination)}${keyed === undefined ? "" : "/keys"}/limits`;
  const { rate, concurrency } = limits;
  const field = (name: string, label: string, usual: string | number | undefined) => (
    <label class="field">
      <span>{label}</span>
      <input type="text" name={name} value={typed?.[name] ?? ""} placeholder={String(usual ?? "")} autocomplete="off" />
    </label>
  );
  return (
    <details class="menu" {...(typed === undefined ? {} : { open: true })}>
      <summary class="button" aria-label={keyed === undefined ? "Limits" : `Limits of ${keyed.name}`}>
        Limits…
      </summary>
      <form method="post" action={path} class="menu-body">
        <p>
          Other limits for a while,{" "}
          {keyed === undefined ? `of all of ${destination}` : `of the key ${keyed.name} alone`}. What is left empty
          stays as it is configured{limitWords(limits) === "" ? "" : ` (${limitWords(limits)})`}; “none” lifts a limit.
          They count at once for what waits.
        </p>
        {keyed === undefined ? undefined : <input type="hidden" name="key" value={encodeURIComponent(keyed.key)} />}
        {field("calls", "Calls", rate?.limit)}
        {field("seconds", "in so many seconds", rate?.perSeconds ?? 1)}
        {field("burst", "of which at once", rate?.burst ?? 1)}
        {field("atOnce", "Most calls in flight", concurrency ?? undefined)}
        {keyed === undefined ? undefined : field("weight", "Turns for each turn of others", 1)}
        <Choice name="for" label="For" value={typed?.for ?? "1h"} options={LIMIT_PERIODS} />
        <button type="submit" class="button primary">
          Set limits of {keyed === undefined ? destination : keyed.name}
        </button>
      </form>
    </details>
  );
};
