import { MAX_DESTINATION_NAME_LENGTH } from "../../vocabulary/limits.ts";
import { SETTING_NAMES } from "../../vocabulary/settings.ts";

/**
 * The names of the Workers' own settings and bindings. No destination and no secret of a webhook may have such a name: it would replace a variable,
 * or lead a route to the queue. Names that start with `EVENTHUB_` are reserved, too.
 */
export const RESERVED_BINDINGS: readonly string[] = SETTING_NAMES.filter((name) => !name.startsWith("EVENTHUB_"));

const NAME = new RegExp(`^[A-Za-z_][A-Za-z0-9_]{0,${MAX_DESTINATION_NAME_LENGTH - 1}}$`);

/** The fault of a destination's name, or `undefined`. The name must be valid for a binding, and not one of our own bindings. */
export function destinationNameFault(name: string): string | undefined {
  if (!NAME.test(name)) {
    return `must be the name of a binding (1 to ${MAX_DESTINATION_NAME_LENGTH} letters, digits and _, no digit first), got ${JSON.stringify(name)}`;
  }
  if (name.startsWith("EVENTHUB_") || RESERVED_BINDINGS.includes(name)) {
    return `is the name of one of the hub's own bindings: ${name}`;
  }
  return undefined;
}
