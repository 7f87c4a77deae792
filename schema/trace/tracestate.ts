import { MAX_TRACESTATE_LENGTH, MAX_TRACESTATE_MEMBERS } from "../vocabulary/limits.ts";

/** The rule that a valid `tracestate` follows. */
export const TRACESTATE_RULE = `must be a W3C tracestate (up to ${MAX_TRACESTATE_MEMBERS} of key=value, separated by commas)`;

/** Longer ones are ignored: nobody has to propagate more than {@link MAX_TRACESTATE_LENGTH}. */
const MAX_READ = 16 * MAX_TRACESTATE_LENGTH;

/** If a tracestate is too long, members longer than this are dropped first. */
const LONG_MEMBER = 128;

const KEY = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/;
const VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * Reads a `tracestate` into the form that is passed on: without empty members, and within {@link MAX_TRACESTATE_LENGTH}. `undefined` if it is
 * invalid: W3C requires to ignore such a one as a whole.
 *
 * @see https://www.w3.org/TR/trace-context-2/#tracestate-header
 */
export function readTracestate(text: string): string | undefined {
  if (text.length > MAX_READ) return undefined;
  const members = text
    .split(",")
    .map((member) => member.trim())
    .filter((member) => member !== "");
  const keys = new Set<string>();
  for (const member of members) {
    const [key = "", ...rest] = member.split("=");
    if (!KEY.test(key) || !VALUE.test(rest.join("=")) || keys.has(key)) return undefined;
    keys.add(key);
  }
  if (members.length === 0 || members.length > MAX_TRACESTATE_MEMBERS) return undefined;
  return within(members);
}

/** Drops the long members first, and then the last ones, which are the oldest. */
function within(members: readonly string[]): string | undefined {
  const fits = (those: readonly string[]) => those.join(",").length <= MAX_TRACESTATE_LENGTH;
  const kept = fits(members) ? [...members] : members.filter(({ length }) => length <= LONG_MEMBER);
  while (!fits(kept)) kept.pop();
  return kept.length === 0 ? undefined : kept.join(",");
}
