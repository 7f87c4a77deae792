import { RE2JS } from "re2js";
import { Refusal } from "../../schema/text/patterns/refusal.ts";
import { JAVASCRIPT_DOT, translate } from "../../schema/text/patterns/translate.ts";
import { MAX_PATTERN_INSTRUCTIONS } from "../../schema/vocabulary/limits.ts";
import type { Meter } from "./meter.ts";

/** The cost of one instruction on one character, in characters of other work: about 34 ns. */
const CHARACTERS_AN_INSTRUCTION = 2;

const programs = new WeakMap<RegExp, RE2JS>();

/**
 * Compiles a pattern of an expression with RE2, which takes time linear in the text.
 *
 * @throws Refusal
 */
export function compileTransformPattern(pattern: RegExp): RE2JS {
  const known = programs.get(pattern);
  if (known !== undefined) return known;
  if (pattern.multiline) throw new Refusal("has the flag m, of which only i is known");
  const { re2 } = translate(pattern.source, JAVASCRIPT_DOT, true);
  let program: RE2JS;
  try {
    program = RE2JS.compile(re2, pattern.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    throw new Refusal(`is beyond RE2: ${error instanceof Error ? error.message : String(error)}`);
  }
  const size = program.programSize();
  if (size > MAX_PATTERN_INSTRUCTIONS) {
    throw new Refusal(`compiles to ${size} instructions, but at most ${MAX_PATTERN_INSTRUCTIONS} are allowed`);
  }
  programs.set(pattern, program);
  return program;
}

/** Replaces `RegExp` in the library. Each search is paid for in advance. */
export function patternsOf(meter: Meter): RegExpConstructor {
  class Pattern {
    lastIndex = 0;
    readonly #program: RE2JS;

    constructor(pattern: RegExp) {
      this.#program = compileTransformPattern(pattern);
    }

    exec(text: string): RegExpExecArray | null {
      const rest = Math.max(0, text.length - this.lastIndex);
      meter.spend(1);
      meter.characters(rest * this.#program.programSize() * CHARACTERS_AN_INSTRUCTION);
      const matcher = this.#program.matcher(text);
      if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
        this.lastIndex = 0;
        return null;
      }
      this.lastIndex = matcher.end();
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, n) => matcher.group(n) ?? undefined);
      return Object.assign(groups, { index: matcher.start(), input: text }) as unknown as RegExpExecArray;
    }
  }
  // Of a RegExp, the library uses only `exec` and `lastIndex`.
  return Pattern as unknown as RegExpConstructor;
}
