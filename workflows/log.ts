type Level = "debug" | "info" | "warn" | "error";

/** Ids, counts and reasons; never payloads, keys of producers or connection strings. */
type Fields = Readonly<Record<string, unknown>>;

/** One line of JSON a decision, for Workers Logs: `event` names it, e.g. `dispatch.attempted`. */
export function log(level: Level, event: string, fields: Fields = {}): void {
  console[level](JSON.stringify({ event, ...fields }));
}

/** What a log line says of an error: its message, cut to 300 characters. Never throws, whatever was thrown. */
export function errorText(error: unknown): string {
  try {
    return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 300);
  } catch {
    return `something was thrown that cannot be read (${typeof error})`;
  }
}
