const ASCII = /^[\0-\x7f]*$/;

/**
 * Folds the case of letters by Unicode simple case folding. One code point becomes one code point, whatever its neighbours are, so a folded prefix
 * stays a prefix. (`toLowerCase` treats a final sigma differently, so it is not such a folding.)
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  let folded = "";
  for (const character of text) folded += foldCharacter(character);
  return folded;
}

function foldCharacter(character: string): string {
  // U+0131, the dotless i, has the upper case I, but does not fold to i outside of Turkic languages.
  if (character === "\u0131") return character;
  const upper = character.toUpperCase();
  const base = isOne(upper) ? upper : character;
  const lower = base.toLowerCase();
  return isOne(lower) ? lower : base;
}

function isOne(text: string): boolean {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff);
}
