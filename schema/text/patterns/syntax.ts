import { Refusal } from "./refusal.ts";

/** A code point by its number, any other escape, or a class. */
const PARTS = /\\u\{[0-9A-Fa-f]+\}|\\.|\[(?:\\.|[^\]\\])*\]/gs;

/**
 * Refuses anything but a JavaScript regular expression, read by code points. It asks the engine without the flag u, because with that flag the engine
 * refuses much that people write (`\-`, a lone `{`). Without the flag, the engine does not know code points beyond U+FFFF. So classes and `\u{...}`
 * are replaced before it is asked; `translate` reads those.
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
