const LETTERS = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Characters that most terminals show twice as wide: emoji, and East Asian scripts. */
const WIDE =
  /^(\p{Emoji_Presentation}|.\ufe0f|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6])/u;

/** The most code units of one letter that are shown: a letter may have any number of combining marks. */
const MAX_LETTER_LENGTH = 32;

/** How many places of a terminal a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of LETTERS.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** Appends spaces to a text, up to `width` places. */
export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** Cuts a text to `width` places and appends an ellipsis, if it is longer. It never splits what people see as one letter. */
export function shorten(text: string, width: number): string {
  let kept = "";
  let cut: string | undefined; // the part after which there is still room for the ellipsis
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
