import { Refusal } from "./refusal.ts";

/** What one escape matches: one code point, or a set, written as the inside of an RE2 class. */
export type Escape =
  | { readonly kind: "point"; readonly point: number }
  | { readonly kind: "set"; readonly set: string }
  | { readonly kind: "assertion"; readonly text: "\\b" | "\\B" };

// JavaScript's white space; RE2's \s has only its ASCII part.
const SPACE = "\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
const NOT_SPACE =
  "\\x{0}-\\x{8}\\x{e}-\\x{1f}!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}" +
  "\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}";

const SETS: Readonly<Record<string, string>> = { d: "\\d", D: "\\D", w: "\\w", W: "\\W", s: SPACE, S: NOT_SPACE };
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };

/** Reads the escape after the backslash at `index`, and returns it with the index after it. */
export function readEscape(pattern: string, index: number, inClass: boolean): { escape: Escape; end: number } {
  const rest = pattern.slice(index + 1, index + 64);
  const letter = rest.charAt(0);
  const point = (value: number, length: number) => ({
    escape: { kind: "point" as const, point: value },
    end: index + 1 + length,
  });
  const set = SETS[letter];
  if (set !== undefined) return { escape: { kind: "set", set }, end: index + 2 };
  const control = CONTROLS[letter];
  if (control !== undefined) return point(control, 1);
  if (letter === "b" && inClass) return point(8, 1);
  if ((letter === "b" || letter === "B") && !inClass) {
    return { escape: { kind: "assertion", text: letter === "b" ? "\\b" : "\\B" }, end: index + 2 };
  }
  const numeric = /^(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{0*([0-9A-Fa-f]{1,6})\})/.exec(rest);
  if (numeric !== null) return readCodePoint(rest, numeric, point);
  const controlLetter = /^c([A-Za-z])/.exec(rest);
  if (controlLetter?.[1] !== undefined) return point(controlLetter[1].charCodeAt(0) % 32, 2);
  if (letter === "p" || letter === "P") return readProperty(rest, index);
  if (/^0(?!\d)/.test(rest)) return point(0, 1);
  if (/^[\dk]/.test(letter)) {
    throw new Refusal(
      `has a backreference or an octal escape, \\${letter}: a backreference cannot be matched in linear time`,
    );
  }
  if (/^[A-Za-z]/.test(letter)) {
    throw new Refusal(`has the escape \\${letter}, which JavaScript does not know (the anchors are ^ and $)`);
  }
  const literal = pattern.codePointAt(index + 1);
  if (literal === undefined) throw new Refusal("ends in a backslash");
  return point(literal, literal > 0xffff ? 2 : 1);
}

/** A Unicode property by its name in RE2. RE2 itself refuses unknown names. */
function readProperty(rest: string, index: number): { escape: Escape; end: number } {
  const [written, kind, name] = /^[pP]\{([A-Za-z_]+=)?([A-Za-z0-9_]+)\}/.exec(rest) ?? [];
  const letter = rest.charAt(0);
  if (written === undefined) throw new Refusal(`has \\${letter} without a property such as \\${letter}{Lu}`);
  if (kind !== undefined) {
    if (/^(?:Script_Extensions|scx)=/.test(kind)) {
      throw new Refusal(
        `has \\${written}, and RE2 has no table of script extensions: it knows \\${letter}{Script=${name}}`,
      );
    }
    if (!/^(?:Script|sc|General_Category|gc)=/.test(kind) || !isKnown(written)) {
      throw new Refusal(`has \\${written}, which JavaScript does not know`);
    }
  }
  return { escape: { kind: "set", set: `\\${letter}{${name}}` }, end: index + 1 + written.length };
}

function isKnown(property: string): boolean {
  try {
    return new RegExp(`\\${property}`, "u") !== undefined;
  } catch {
    return false;
  }
}

function readCodePoint<T>(rest: string, match: RegExpExecArray, point: (value: number, length: number) => T): T {
  const value = Number.parseInt(match[1] ?? match[2] ?? match[3] ?? "", 16);
  if (value > 0x10ffff) throw new Refusal("has an escape above U+10FFFF");
  const low = /^u[Dd][89ABab][0-9A-Fa-f]{2}\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})/.exec(rest);
  if (low?.[1] !== undefined) {
    return point((value - 0xd800) * 0x400 + (Number.parseInt(low[1], 16) - 0xdc00) + 0x10000, 11);
  }
  return point(value, match[0].length);
}

/** One code point as RE2 writes it, in a class or outside. Refuses half a surrogate pair, which no payload contains. */
export function quote(point: number): string {
  if (point >= 0xd800 && point <= 0xdfff) throw new Refusal("has half of a surrogate pair");
  const character = String.fromCodePoint(point);
  return /[A-Za-z0-9 ]/.test(character) ? character : `\\x{${point.toString(16)}}`;
}
