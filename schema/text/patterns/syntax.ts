import { Refusal } from "./refusal.ts";

/** A code point by its number, any other escape, or a class. */
const PARTS = /\\u\{[0-9A-Fa-f]+\}|\\.|\[(?:\\.|[^\]\\])*\]/gs;

/**
 * Refuses what is no JavaScript regular expression, read by code points. The engine is asked without the flag u, whose grammar refuses much
 * that people write (`\-`, a lone `{`), and without it knows no code points beyond U+FFFF: classes and `\u{...}` are left out of what it
 * judges, for `translate` reads them.
 *
 * @throws Refusal
 */
export function checkSyntax(source: string): void {
  const skeleton = source.replace(PARTS, (part) => {
    if (part.startsWith("[")) return "[x]";
    return part.startsWith("\\u{") ? "x" : part;
  });
  try {
    new RegExp(skeleton);
  } catch (error) {
    throw new Refusal(`is not a regular expression: ${(error as Error).message.replace(/^.*\/[a-z]*: /s, "")}`);
  }
}
