import type { LogEvent, LogFields, LogLevel } from "../vocabulary/log-events.ts";
import { printableJson } from "./printable.ts";
import { readable } from "./readable.ts";

/**
 * One line of JSON a decision, for Workers Logs: `event` names it as {@link LOG_EVENTS} does, with the fields that stand there and no others. Ids,
 * counts and reasons; never payloads, keys of producers or connection strings. Also in a terminal (`wrangler tail`) it is no more than text,
 * whoever wrote what an error quotes.
 */
export function log<Name extends LogEvent, Fields extends LogFields<Name>>(
  level: LogLevel<Name>,
  event: Name,
  fields: Fields & { readonly [F in Exclude<keyof Fields, keyof LogFields<Name>>]: never },
): void {
  console[level](printableJson({ event, ...fields }));
}

/** What a log line or a reason says of an error: its message, cut to 300 characters. Never throws, whatever was thrown. */
export function errorText(error: unknown): string {
  return readable(error).slice(0, 300);
}
