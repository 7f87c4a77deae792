import { at, type Faults, show } from "../../schema/config/faults.ts";
import type { RouteConfigInput } from "../../schema/config/routes.ts";
import { configurationOf } from "../events/export.ts";
import { isDefinition, withJsonSchemas } from "../events/read-definition.ts";

/** The part of the route configuration that comes from an EventHub's `events`. It is JSON Schema, since the hub's script is built in advance. */
export function readEvents(
  events: unknown,
  settings: object,
  faults: Faults,
): Pick<RouteConfigInput, "events" | "eventDefaults"> {
  if (events === undefined) return {};
  const place = at(undefined, "events");
  if (!isDefinition(events)) {
    faults.add(place, `must be the result of defineEvents(), got ${show(events)}`);
    return {};
  }
  for (const key of ["events", "eventDefaults"]) {
    if (Object.hasOwn(settings, key))
      faults.add(at(at(undefined, "settings"), key), "is what `events` defines already");
  }
  const checker = withJsonSchemas(events);
  for (const [kind, known] of checker.kinds) {
    if (known.jsonSchema() === undefined)
      faults.add(at(place, kind), "has a schema that its library or JSON Schema cannot express");
  }
  return configurationOf(checker);
}
