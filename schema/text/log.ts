import { printableJson } from "./printable.ts";
import { readable } from "./readable.ts";

type Level = "debug" | "info" | "warn" | "error";

/** Ids, counts and reasons; never payloads, keys of producers or connection strings. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * One line of JSON a decision, for Workers Logs: `event` names it, e.g. `dispatch.attempted`. Also in a terminal (`wrangler tail`) it is no more
 * than text, whoever wrote what an error quotes.
 */
export function log(level: Level, event: string, fields: Fields = {}): void {
  console[level](printableJson({ event, ...fields }));
}

/** What a log line or a reason says of an error: its message, cut to 300 characters. Never throws, whatever was thrown. */
export function errorText(error: unknown): string {
  return readable(error).slice(0, 300);
}
