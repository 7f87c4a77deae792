import { MAX_BAGGAGE_LENGTH, MAX_BAGGAGE_MEMBERS } from "../vocabulary/limits.ts";

/** The rule that valid `baggage` follows. */
export const BAGGAGE_RULE = "must be W3C baggage (key=value;property, separated by commas, values percent-encoded)";

/** Longer ones are ignored. */
const MAX_READ = 8 * MAX_BAGGAGE_LENGTH;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;

/**
 * Reads `baggage` into the form that is passed on: without white space and empty members. Of a long one, it keeps the first whole members that fit
 * into {@link MAX_BAGGAGE_LENGTH} and {@link MAX_BAGGAGE_MEMBERS}. `undefined` if it is invalid.
 *
 * @see https://www.w3.org/TR/baggage/#header-content
 */
export function readBaggage(text: string): string | undefined {
  if (text.length > MAX_READ) return undefined;
  const members = text
    .split(",")
    .map((member) => member.split(";").map(pairOf))
    .filter(([pair, ...properties]) => pair !== "" || properties.length > 0);
  if (members.length === 0 || !members.every(isMember)) return undefined;
  const kept = members.slice(0, MAX_BAGGAGE_MEMBERS).map((parts) => parts.join(";"));
  while (kept.join(",").length > MAX_BAGGAGE_LENGTH) kept.pop();
  return kept.length === 0 ? undefined : kept.join(",");
}

/** `key = value` without the white space around its parts. */
const pairOf = (pair: string) => {
  const at = pair.indexOf("=");
  return at < 0 ? pair.trim() : `${pair.slice(0, at).trim()}=${pair.slice(at + 1).trim()}`;
};

function isMember([pair = "", ...properties]: readonly string[]): boolean {
  return pair.includes("=") && [pair, ...properties].every(isPair);
}

function isPair(pair: string): boolean {
  const at = pair.indexOf("=");
  return at < 0 ? TOKEN.test(pair) : TOKEN.test(pair.slice(0, at)) && VALUE.test(pair.slice(at + 1));
}
