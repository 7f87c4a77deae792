/**
 * Characters that a terminal, a page or a log may not show as plain text: controls (C0, C1, DEL), line and paragraph separators, and characters that
 * change the order of letters or are invisible (Unicode's category Cf). Joiners stay: Persian, Indic scripts and emoji need them.
 */
const UNPRINTABLE = /(?!\u200c|\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/** Tested first, since it is a tenth of the work: most text, and each of our log lines, is plain. */
const OTHER_THAN_ASCII = /[^ -~]/;
const ALL = new RegExp(UNPRINTABLE, "gu");

/** JSON's own short forms. */
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f" };

/**
 * Makes one line of a text that somebody else wrote, in which every character is visible. Characters that are not printed are escaped as in JSON
 * (`\u001b`, `\u202e`, `\n`), so JSON stays the same JSON.
 */
export function printable(text: string): string {
  return OTHER_THAN_ASCII.test(text) && UNPRINTABLE.test(text) ? text.replace(ALL, spell) : text;
}

/** The same for text of several lines whose line breaks are ours. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** A value as JSON that can be printed. Parsing it gives exactly the same value. */
export function printableJson(value: unknown, indent?: number): string {
  return printableLines(JSON.stringify(value, undefined, indent) ?? "undefined");
}

function spell(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  let spelt = "";
  for (let i = 0; i < character.length; i++) spelt += `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
  return spelt;
}
