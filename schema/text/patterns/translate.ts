import { quote, readEscape } from "./escapes.ts";
import { Refusal } from "./refusal.ts";

/** A part of a pattern outside of any group. The search for simple patterns reads these. */
export type Atom =
  | { readonly kind: "start" }
  | { readonly kind: "end" }
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "anything" }
  | { readonly kind: "other" };

/** A pattern in RE2's syntax. */
export interface Translation {
  readonly re2: string;
  /** The parts in order; `undefined` if the pattern has alternatives outside of any group. */
  readonly atoms: readonly Atom[] | undefined;
}

/** The meaning of `.` in JavaScript, and in the I-Regexp (RFC 9485) of JSONPath's filters. */
export const JAVASCRIPT_DOT = "[^\\n\\r\\x{2028}\\x{2029}]";
export const I_REGEXP_DOT = "[^\\n\\r]";
const EVERYTHING = "[\\x{0}-\\x{10ffff}]";
const NOTHING = "[^\\x{0}-\\x{10ffff}]";
const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/;

/**
 * Translates a JavaScript regular expression, read by code points, to RE2's syntax. It keeps JavaScript's meaning of `.`, `\s`, escapes and classes.
 * `new RegExp` or `checkSyntax` must accept the pattern. Groups capture only if `captures` is true.
 *
 * @throws Refusal for what cannot be matched in linear time, and for what RE2 cannot express.
 */
export function translate(pattern: string, dot: string = JAVASCRIPT_DOT, captures = false): Translation {
  const atoms: Atom[] = [];
  let alternatives = false;
  let re2 = "";
  let depth = 0;
  let index = 0;
  const add = (atom: Atom, text: string, end: number) => {
    const quantifier = QUANTIFIER.exec(pattern.slice(end, end + 32))?.[0] ?? "";
    // Greediness changes only what a match contains, not whether there is one.
    re2 += text + (quantifier.length > 1 && !captures ? quantifier.replace(/\?$/, "") : quantifier);
    if (depth === 0)
      atoms.push(quantifier === "" ? atom : { kind: text === dot && /^\*/.test(quantifier) ? "anything" : "other" });
    index = end + quantifier.length;
  };
  while (index < pattern.length) {
    const character = String.fromCodePoint(pattern.codePointAt(index) ?? 0);
    if (character === "(") {
      const open = readOpening(pattern, index, captures);
      re2 += open.text;
      index = open.end;
      depth++;
    } else if (character === ")") {
      depth--;
      add({ kind: "other" }, ")", index + 1);
    } else if (character === "|") {
      re2 += "|";
      index++;
      alternatives ||= depth === 0;
    } else if (character === "^" || character === "$") {
      add({ kind: character === "^" ? "start" : "end" }, character, index + 1);
    } else if (character === ".") {
      add({ kind: "other" }, dot, index + 1);
    } else if (character === "[") {
      const { text, end } = readClass(pattern, index);
      add({ kind: "other" }, text, end);
    } else if (character === "\\") {
      const { escape: read, end } = readEscape(pattern, index, false);
      if (read.kind === "point")
        add({ kind: "literal", text: String.fromCodePoint(read.point) }, quote(read.point), end);
      else add({ kind: "other" }, read.kind === "set" ? `[${read.set}]` : read.text, end);
    } else {
      add({ kind: "literal", text: character }, quote(character.codePointAt(0) ?? 0), index + character.length);
    }
  }
  return { re2, atoms: alternatives ? undefined : atoms };
}

function readOpening(pattern: string, index: number, captures: boolean): { text: string; end: number } {
  const rest = pattern.slice(index, index + 128);
  if (/^\(\?<?[=!]/.test(rest)) {
    throw new Refusal(`has a look${/^\(\?</.test(rest) ? "behind" : "ahead"}, which cannot be matched in linear time`);
  }
  const flags = /^\(\?([a-z]*-?[a-z]*):/.exec(rest);
  if (flags?.[1] !== undefined) {
    if (!/^(?:i|-i)?$/.test(flags[1]))
      throw new Refusal(`has the modifier (?${flags[1]}:...), of which only i is known`);
    return { text: `(?${flags[1]}:`, end: index + flags[0].length };
  }
  const name = /^\(\?<[^>]*>/.exec(rest);
  if (name === null && rest.startsWith("(?"))
    throw new Refusal("has a group that starts with (? in a way that is not known");
  return { text: captures ? "(" : "(?:", end: index + (name?.[0].length ?? 1) };
}

function readClass(pattern: string, start: number): { text: string; end: number } {
  const negated = pattern.charAt(start + 1) === "^";
  let index = start + (negated ? 2 : 1);
  let text = "";
  while (pattern.charAt(index) !== "]") {
    if (index >= pattern.length) throw new Refusal("has a class without its ]");
    const from = readMember(pattern, index);
    const dash = pattern.charAt(from.end) === "-" && pattern.charAt(from.end + 1) !== "]";
    const to = dash ? readMember(pattern, from.end + 1) : undefined;
    if (to === undefined) {
      text += memberText(from.member);
      index = from.end;
    } else {
      text += rangeText(from.member, to.member, pattern.slice(index, to.end));
      index = to.end;
    }
  }
  if (text === "") return { text: negated ? EVERYTHING : NOTHING, end: index + 1 };
  return { text: `[${negated ? "^" : ""}${text}]`, end: index + 1 };
}

function readMember(pattern: string, index: number): { member: number | string; end: number } {
  if (pattern.charAt(index) === "\\") {
    const { escape: read, end } = readEscape(pattern, index, true);
    if (read.kind === "point") return { member: read.point, end };
    if (read.kind === "set") return { member: read.set, end };
    throw new Refusal("has \\B in a class");
  }
  const point = pattern.codePointAt(index);
  if (point === undefined) throw new Refusal("has a class without its ]");
  return { member: point, end: index + (point > 0xffff ? 2 : 1) };
}

/** A range of code points. Next to a set such as \d, the dash is literal. */
function rangeText(from: number | string, to: number | string, written: string): string {
  if (typeof from === "string" || typeof to === "string") return `${memberText(from)}\\x{2d}${memberText(to)}`;
  if (from > to) throw new Refusal(`is not a regular expression: the range ${written} of a class is out of order`);
  return `${memberText(from)}-${memberText(to)}`;
}

function memberText(member: number | string): string {
  return typeof member === "number" ? quote(member) : member;
}
