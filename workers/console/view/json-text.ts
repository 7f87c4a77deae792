/** JSON that a person has typed, or where it is wrong. */
export type Parsed =
  | { value: unknown; fault?: undefined }
  | { value?: undefined; fault: string; line: number | undefined };

/** Reads JSON; a fault is told with the line and column that it is at, where the engine tells the place. */
export function parseJson(text: string): Parsed {
  if (text.trim() === "") return { fault: "There is nothing in it yet: paste a JSON object.", line: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const place = Number(/at position (\d+)/.exec(message)?.[1] ?? Number.NaN);
    // At the end of the input the engine names no position.
    const at = Number.isNaN(place) ? (/end of JSON input/.test(message) ? text.trimEnd().length : undefined) : place;
    const said = message
      .replace(/ in JSON at position.*$/s, "")
      .replace(/ \(line.*\)$/s, "")
      .replace(/, ".*" is not valid JSON$/s, "");
    if (at === undefined) return { fault: `Not JSON: ${said.slice(0, 200)}.`, line: undefined };
    const before = text.slice(0, at).split("\n");
    const line = before.length;
    return {
      fault: `Not JSON, line ${line}, column ${(before.at(-1)?.length ?? 0) + 1}: ${said.slice(0, 200)}.`,
      line,
    };
  }
}
