import * as v from "valibot";
import { EventSettings } from "../../../schema/config/events.ts";
import { at, type Faults } from "../../../schema/config/faults.ts";
import type { RouteConfig } from "../../../schema/config/routes.ts";
import type { CheckedKind, EventChecker } from "./checker.ts";
import { compileJsonSchema } from "./json-schema/compile.ts";

/** The checker of a configuration's `events`; `undefined` if it defines none. Adds the faults of their schemas to `faults`. */
export function configuredEvents(
  { events, eventDefaults }: Pick<RouteConfig, "events" | "eventDefaults">,
  faults: Faults,
): EventChecker | undefined {
  if (events === undefined) return undefined;
  const { kind: member, check, unknown } = eventDefaults ?? v.parse(EventSettings, {});
  const kinds = new Map<string, CheckedKind>();
  for (const [kind, { schema, ...known }] of Object.entries(events)) {
    const place = at(at(at(undefined, "events"), kind), "schema");
    kinds.set(kind, {
      ...known,
      check: known.check ?? check,
      faultsOf: compileJsonSchema(schema, place, faults),
      jsonSchema: () => schema,
    });
  }
  return { member, check, unknown, kinds };
}
