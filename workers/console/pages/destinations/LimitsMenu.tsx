import type { FlowLimits } from "../../../../schema/contract/flow.ts";
import { Choice } from "../../components/Fields.tsx";
import { limitWords } from "../../format/flow-text.ts";
import { numberOf, type PostedForm } from "../../forms/posted-form.ts";

/** What was typed into the form, by field, to show it again. */
export type TypedLimits = Readonly<Record<string, string>>;

/** For how long limits are set, in seconds, by what the form says. */
const PERIODS: Readonly<Record<string, number>> = {
  "15m": 900,
  "1h": 3_600,
  "4h": 14_400,
  "1d": 86_400,
  "7d": 604_800,
};

const PERIOD_OPTIONS = [
  ["15m", "15 minutes"],
  ["1h", "an hour"],
  ["4h", "4 hours"],
  ["1d", "a day"],
  ["7d", "7 days"],
] as const;

/** What lifts a limit. */
const NONE = "none";

/** What the form asks `setFlow` for; an empty field leaves a limit as it is configured. What is none the hub refuses, with its place. */
export function settingOf(form: Pick<PostedForm, "get">, key: string | undefined, now: Date) {
  const [calls, seconds, burst] = [form.get("calls"), form.get("seconds"), form.get("burst")];
  const [atOnce, weight] = [form.get("atOnce"), form.get("weight")];
  const rate = {
    limit: numberOf(calls),
    perSeconds: seconds === "" ? 1 : numberOf(seconds),
    ...(burst === "" ? {} : { burst: numberOf(burst) }),
  };
  return {
    ...(key === undefined ? {} : { key }),
    ...(calls + seconds + burst === "" ? {} : { rate: calls === NONE && seconds + burst === "" ? null : rate }),
    ...(atOnce === "" ? {} : { concurrency: atOnce === NONE ? null : numberOf(atOnce) }),
    ...(weight === "" ? {} : { weight: numberOf(weight) }),
    until: new Date(now.getTime() + (PERIODS[form.get("for")] ?? Number.NaN) * 1_000),
  };
}

interface LimitsMenuProps {
  destination: string;
  /** Of this key; left out, of the whole destination. */
  keyed?: { key: string; name: string };
  /** What holds now, by the configuration or by hand. */
  limits: FlowLimits;
  /** What was typed before, and refused. */
  typed?: TypedLimits | undefined;
}

/** The form that sets other limits for a while. */
export const LimitsMenu = ({ destination, keyed, limits, typed }: LimitsMenuProps) => {
  const path = `/destinations/${encodeURIComponent(destination)}${keyed === undefined ? "" : "/keys"}/limits`;
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
        {field("atOnce", "Calls under way at most", concurrency ?? undefined)}
        {keyed === undefined ? undefined : field("weight", "Turns where others have one", 1)}
        <Choice name="for" label="For" value={typed?.for ?? "1h"} options={PERIOD_OPTIONS} />
        <button type="submit" class="button primary">
          Set limits of {keyed === undefined ? destination : keyed.name}
        </button>
      </form>
    </details>
  );
};
