import { numberOf } from "./number-of.ts";

/** How long limits can be set for: the form's value, and its words. */
export const LIMIT_PERIODS = [
  ["15m", "15 minutes"],
  ["1h", "an hour"],
  ["4h", "4 hours"],
  ["1d", "a day"],
  ["7d", "7 days"],
] as const;

const SECONDS: Readonly<Record<string, number>> = {
  "15m": 900,
  "1h": 3_600,
  "4h": 14_400,
  "1d": 86_400,
  "7d": 604_800,
};

/** The text that lifts a limit. */
const NONE = "none";

/** The arguments for `setFlow`. An empty field leaves a limit as configured. The hub refuses a text that is no limit, and names its place. */
export function settingOf(form: { get(name: string): string }, key: string | undefined, now: Date) {
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
    until: new Date(now.getTime() + (SECONDS[form.get("for")] ?? Number.NaN) * 1_000),
  };
}
