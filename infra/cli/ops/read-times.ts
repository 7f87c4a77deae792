import { InvalidArgumentError } from "commander";
import { ISO_TIME_RULE, parseIsoTime } from "../../../schema/vocabulary/iso-time.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Event ids contain the time since then, so nothing is older. */
const BEFORE_ALL = "That is before 1970, when nothing was emitted: leave the option out.";
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A time: `90m`, `12h`, `7d` ago, or ISO 8601 with its zone. */
export const moment = (text: string): string => read(text, -1, "90m, 12h or 7d (ago)");

/** A future time: in `30m`, `2h`, `1d`, or ISO 8601 with its zone. */
export const until = (text: string): string => read(text, 1, "30m, 2h or 1d (from now)");

function read(text: string, direction: 1 | -1, examples: string): string {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const time = amount === undefined ? parseIsoTime(text) : Date.now() + direction * Number(amount) * (UNITS[unit] ?? 0);
  if (time === undefined) throw new InvalidArgumentError(`Give a time as ${examples}, or as ${ISO_TIME_RULE}.`);
  if (!(time >= 0 && time <= LATEST))
    throw new InvalidArgumentError(time < 0 ? BEFORE_ALL : "Give a time before the year 10000.");
  return new Date(time).toISOString();
}
