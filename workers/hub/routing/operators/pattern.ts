import { RE2JS } from "re2js";
import { Refusal } from "../../../../schema/text/patterns/refusal.ts";
import { checkSyntax } from "../../../../schema/text/patterns/syntax.ts";
import {
  type Atom,
  I_REGEXP_DOT,
  JAVASCRIPT_DOT,
  type Translation,
  translate,
} from "../../../../schema/text/patterns/translate.ts";
import { MAX_PATTERN_INSTRUCTIONS } from "../../../../schema/vocabulary/limits.ts";
import { fold } from "./fold.ts";

/** A compiled pattern. */
export interface Pattern {
  readonly test: (text: string) => boolean;
  /** A literal that every matching text starts with. It is folded if the pattern ignores case. */
  readonly prefix: string;
  /** Whether starting with `prefix` is also sufficient. */
  readonly isPrefix: boolean;
}

/**
 * The memory for the states that RE2 remembers for one pattern, in bytes, so that hostile texts cannot fill an isolate. Beyond it, RE2 forgets states
 * and continues in the same linear time. RE2's default of 8 MiB is for processes with more than an isolate's 128 MB.
 */
export const PATTERN_MEMORY_BYTES = 1024 * 1024;

/**
 * Compiles a JavaScript regular expression to one that takes time linear in the text: to string operations if it is simple enough, otherwise to RE2.
 *
 * @throws Refusal with the reason: a syntax error, a backreference, a lookaround, or a program that is too large.
 */
export function compilePattern(source: string, ignoreCase: boolean): Pattern {
  checkSyntax(source);
  return compile(translate(source, JAVASCRIPT_DOT), ignoreCase);
}

/** For `match` and `search` in the filters of a JSONPath. If `whole`, the whole text must match. @throws Refusal */
export function compileFilterPattern(source: string, whole: boolean): (text: string) => boolean {
  checkSyntax(source);
  return compile(translate(whole ? `^(?:${source})$` : source, I_REGEXP_DOT), false).test;
}

function compile(translation: Translation, ignoreCase: boolean): Pattern {
  return simplePattern(translation.atoms, ignoreCase) ?? re2Pattern(translation, ignoreCase);
}

function re2Pattern({ re2, atoms }: Translation, ignoreCase: boolean): Pattern {
  let program: RE2JS;
  try {
    program = RE2JS.compile(re2, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    throw new Refusal(`is beyond RE2: ${reason(error)}`);
  }
  if (program.programSize() > MAX_PATTERN_INSTRUCTIONS) {
    throw new Refusal(
      `compiles to ${program.programSize()} instructions, but at most ${MAX_PATTERN_INSTRUCTIONS} are allowed`,
    );
  }
  const { dfa } = program.re2();
  dfa.maxMem = dfa.stateBudget = dfa.memBudget = PATTERN_MEMORY_BYTES;
  const prefix = atoms?.[0]?.kind === "start" ? leadingText(atoms.slice(1)) : "";
  return { test: (text) => program.test(text), prefix: ignoreCase ? fold(prefix) : prefix, isPrefix: false };
}

function leadingText(atoms: readonly Atom[]): string {
  let text = "";
  for (const atom of atoms) {
    if (atom.kind !== "literal") break;
    text += atom.text;
  }
  return text;
}

/** A pattern that consists only of literals, with or without anchors, as string operations. */
function simplePattern(atoms: readonly Atom[] | undefined, ignoreCase: boolean): Pattern | undefined {
  if (atoms === undefined) return undefined;
  let middle = atoms;
  const start = middle[0]?.kind === "start";
  // Without an anchor, .* at an end may match nothing, so it requires nothing.
  if (start) middle = middle.slice(1);
  else while (middle[0]?.kind === "anything") middle = middle.slice(1);
  const end = middle.at(-1)?.kind === "end";
  if (end) middle = middle.slice(0, -1);
  else while (middle.at(-1)?.kind === "anything") middle = middle.slice(0, -1);
  const literal = leadingText(middle);
  if (middle.some((atom) => atom.kind !== "literal")) return undefined;
  const wanted = ignoreCase ? fold(literal) : literal;
  const read = ignoreCase ? fold : (text: string) => text;
  const test = start
    ? end
      ? (text: string) => read(text) === wanted
      : (text: string) => read(text).startsWith(wanted)
    : end
      ? (text: string) => read(text).endsWith(wanted)
      : (text: string) => read(text).includes(wanted);
  return { test, prefix: start ? wanted : "", isPrefix: start && !end };
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // RE2's message about a property that it does not have. At this point the ranges of classes are known to be in order.
  const [, property] = /invalid character class range: `(\\[pP]\{.*\})`$/.exec(message) ?? [];
  if (property === undefined) return message.replace(/^error parsing regexp: /, "");
  return `it has no property ${property} (it has the short names of categories, such as \\p{Lu}, and the long names of scripts)`;
}
