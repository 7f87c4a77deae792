import type { StandardSchemaV1 } from "@standard-schema/spec";
import { EmitError } from "../../../schema/contract/emit-error.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import type { EventKind, Events } from "../../../schema/events/index.ts";
import { errorText } from "../../../schema/text/log.ts";
import type { CompiledRoutes } from "../routing/types.ts";
import type { CheckedKind, EventChecker } from "./checker.ts";
import type { EventFault } from "./json-schema/check.ts";
import { jsonSchemaOf } from "./json-schema-of.ts";

/** Made once an isolate for each definition. */
const made = new WeakMap<object, EventChecker>();

/**
 * What checks a hub's events: the definition of its class, or else that of its configuration; `undefined` if there is none.
 * @throws EmitError `misconfigured` if there are both, or the class has something else
 */
export function checkerOf(definition: unknown, routes: Pick<CompiledRoutes, "events">): EventChecker | undefined {
  if (definition === undefined) return routes.events;
  if (routes.events !== undefined)
    throw misconfigured("the hub's events are defined twice: by its class, and by `events` in its configuration");
  if (!isDefinition(definition)) throw misconfigured("the hub's `events` must be what defineEvents() gives");
  const known = made.get(definition) ?? checkerOfDefinition(definition);
  made.set(definition, known);
  return known;
}

const misconfigured = (message: string) => new EmitError("misconfigured", message);

const isDefinition = (given: unknown): given is Events =>
  typeof given === "object" && given !== null && "kinds" in given && "member" in given;

/** The checker of a definition. */
export function checkerOfDefinition({ member, check, unknown, kinds }: Events): EventChecker {
  const checked = new Map<string, CheckedKind>();
  for (const [kind, { schema, ...known }] of Object.entries<EventKind>(kinds)) {
    checked.set(kind, {
      ...known,
      check: known.check ?? check,
      faultsOf: (payload) => faultsOf(kind, schema, payload),
      jsonSchema: () => jsonSchemaOf(schema),
    });
  }
  return { member, check, unknown, kinds: checked };
}

/** What its library finds. What it makes of the payload, nobody takes: an event is stored as it was emitted. */
function faultsOf(kind: string, schema: StandardSchemaV1, payload: EventPayload): ReturnType<CheckedKind["faultsOf"]> {
  try {
    const result = schema["~standard"].validate(payload);
    return result instanceof Promise ? result.then(toFaults, (cause) => failed(kind, cause)) : toFaults(result);
  } catch (cause) {
    return failed(kind, cause);
  }
}

function failed(kind: string, cause: unknown): never {
  throw new EmitError("misconfigured", `the schema of ${JSON.stringify(kind)} failed: ${errorText(cause)}`, { cause });
}

function toFaults({ issues }: StandardSchemaV1.Result<unknown>): readonly EventFault[] | undefined {
  return issues?.map(({ path = [], message }) => ({
    path: path.map((key) => keyOf(typeof key === "object" ? key.key : key)),
    message,
  }));
}

const keyOf = (key: PropertyKey): string | number => (typeof key === "symbol" ? String(key) : key);
