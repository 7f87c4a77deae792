/** The length of a text in Unicode code points, as Postgres, RFC 9535 and all our limits of texts count. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index++) {
    if ((text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
      count--;
      index++;
    }
  }
  return count;
}

/** True for a text of more than `max` code points. Most texts are decided without counting. */
export const isLonger = (text: string, max: number): boolean =>
  text.length > max && (text.length > 2 * max || codePoints(text) > max);

/** The first `max` code points of a text. */
export function firstOf(text: string, max: number): string {
  if (!isLonger(text, max)) return text;
  return Array.from(text.slice(0, 2 * max))
    .slice(0, max)
    .join("");
}

/** True for text that Postgres can store: Unicode without U+0000. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes("\0");
