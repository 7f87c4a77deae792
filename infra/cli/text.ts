const LETTERS = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What most terminals show twice as wide: emoji, and the scripts of East Asia. */
const WIDE =
  /^(\p{Emoji_Presentation}|.\ufe0f|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6])/u;

/** Code units of one letter that are shown; a letter may have any number of marks upon it. */
const MAX_LETTER_LENGTH = 32;

/** How many places of a terminal the text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of LETTERS.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** The text with spaces behind it, up to `width` places. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** The text, ended with an ellipsis if it takes more than `width` places; what people see as one letter is never split. */
export function shorten(text: string, width: number): string {
  let kept = "";
  let cut: string | undefined; // where there is still a place for the ellipsis
  let used = 0;
  for (const { segment } of LETTERS.segment(text)) {
    const letter = segment.length > MAX_LETTER_LENGTH ? "\ufffd" : segment;
    used += widthOf(letter);
    if (used > width - 1) cut ??= kept;
    if (used > width) return `${cut}…`;
    kept += letter;
  }
  return kept;
}
