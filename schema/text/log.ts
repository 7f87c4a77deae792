import type { LogEvent, LogFields, LogLevel } from "../vocabulary/log-events.ts";
import { printableJson } from "./printable.ts";

/**
 * Writes one line of JSON per decision, for Workers Logs. `event` names it, with exactly the fields that {@link LOG_EVENTS} lists: ids, counts and
 * reasons, and never payloads, producers' keys or connection strings. The line is also harmless in a terminal (`wrangler tail`), whoever wrote the
 * text that an error quotes.
 */
export function log<Name extends LogEvent, Fields extends LogFields<Name>>(
  level: LogLevel<Name>,
  event: Name,
  fields: Fields & { readonly [F in Exclude<keyof Fields, keyof LogFields<Name>>]: never },
): void {
  console[level](printableJson({ event, ...fields }));
}
