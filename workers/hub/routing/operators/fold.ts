const ASCII = /^[\0-\x7f]*$/;

/**
 * `text` with the case of its letters folded away, by Unicode simple case folding: one code point becomes one code point, whatever stands
 * beside it, so that a folded prefix stays a prefix. (`toLowerCase` alone knows a final sigma, and is no such thing.)
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  let folded = "";
  for (const character of text) folded += foldCharacter(character);
  return folded;
}

function foldCharacter(character: string): string {
  // U+0131, the dotless i, has an upper case, I, but does not fold to i outside of Turkic languages.
  if (character === "\u0131") return character;
  const upper = character.toUpperCase();
  const base = isOne(upper) ? upper : character;
  const lower = base.toLowerCase();
  return isOne(lower) ? lower : base;
}

function isOne(text: string): boolean {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff);
}
