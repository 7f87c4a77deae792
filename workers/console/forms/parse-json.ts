/** JSON that a person has typed, or its fault. */
export type Parsed =
  | { value: unknown; fault?: undefined }
  | { value?: undefined; fault: string; line: number | undefined };

/** Reads JSON. A fault is reported with its line and column. */
export function parseJson(text: string): Parsed {
  if (text.trim() === "") return { fault: "There is nothing in it yet: paste a JSON object.", line: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const message = textOf(error);
    const at = placeOf(message, text);
    const said = message
      .replace(/ in JSON at position.*$/s, "")
      .replace(/ \(line.*\)$/s, "")
      .replace(/, (\.\.\.)?".*"(\.\.\.)? is not valid JSON$/s, "");
    if (at === undefined) return { fault: `Not JSON: ${said.slice(0, 200)}.`, line: undefined };
    const before = text.slice(0, at).split("\n");
    const line = before.length;
    return {
      fault: `Not JSON, line ${line}, column ${(before.at(-1)?.length ?? 0) + 1}: ${said.slice(0, 200)}.`,
      line,
    };
  }
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const UNEXPECTED = /^Unexpected token/;

/** The position of the fault. The engine reports it only for some faults. */
function placeOf(message: string, text: string): number | undefined {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  if (/end of JSON input/.test(message)) return text.trimEnd().length;
  return UNEXPECTED.test(message) ? unexpectedAt(text) : undefined;
}

/**
 * The position of the unexpected token: it ends the shortest beginning of the text that has the fault. Some twenty attempts find it in a megabyte.
 */
function unexpectedAt(text: string): number {
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (hasUnexpected(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return good;
}

function hasUnexpected(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return UNEXPECTED.test(textOf(error));
  }
}
