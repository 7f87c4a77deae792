import { Refusal } from "../../../../schema/text/patterns/refusal.ts";

/**
 * The literal parts of a wildcard, between its stars: those of `a*b\*c` are `["a", "b*c"]`.
 *
 * @throws Refusal for a backslash before anything but `*` and `\`.
 */
export function parseWildcard(text: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === "*") {
      parts.push(part);
      part = "";
    } else if (character === "\\") {
      index++;
      const escaped = text.charAt(index);
      if (escaped !== "*" && escaped !== "\\") {
        throw new Refusal(
          "has a \\ before a character other than * and \\: write \\* for a star and \\\\ for a backslash",
        );
      }
      part += escaped;
    } else {
      part += character;
    }
  }
  parts.push(part);
  return parts;
}

/** Whether all of `text` consists of the parts, with anything between them. The leftmost place of each part is always good enough. */
export function matchesWildcard(parts: readonly string[], text: string): boolean {
  const first = parts[0] ?? "";
  if (parts.length === 1) return text === first;
  const last = parts[parts.length - 1] ?? "";
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let position = first.length;
  for (let index = 1; index < parts.length - 1; index++) {
    const part = parts[index] ?? "";
    const found = text.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
    if (position > end) return false;
  }
  return true;
}
