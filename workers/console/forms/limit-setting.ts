import { numberOf } from "./number-of.ts";

/** For how long limits are set: what the form says, and how it is told. */
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

/** What lifts a limit. */
const NONE = "none";

/** What the form asks `setFlow` for; an empty field leaves a limit as it is configured. What is none the hub refuses, with its place. */
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
