import type { StandardSchemaV1 } from "@standard-schema/spec";
import { EmitError } from "../../../schema/contract/emit-error.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import type { EventKind, Events } from "../../../schema/events/index.ts";
import { errorText } from "../../../schema/text/error-text.ts";
import type { CompiledRoutes } from "../routing/types.ts";
import type { CheckedKind, EventChecker } from "./checker.ts";
import type { EventFault } from "./json-schema/check.ts";
import { jsonSchemaOf } from "./json-schema-of.ts";

/** The checker of each definition, made once per isolate. */
const made = new WeakMap<object, EventChecker>();

/**
 * The checker of a hub's events: that of its class's definition, or otherwise that of its configuration; `undefined` if there is neither.
 * @throws EmitError `misconfigured` if there are both, or if the class has something that is no definition
 */
export function checkerOf(definition: unknown, routes: Pick<CompiledRoutes, "events">): EventChecker | undefined {
  if (definition === undefined) return routes.events;
  if (routes.events !== undefined)
    throw misconfigured("the hub's events are defined twice: by its class, and by `events` in its configuration");
  if (!isDefinition(definition)) throw misconfigured("the hub's `events` must be the result of defineEvents()");
  const known = made.get(definition) ?? checkerOfDefinition(definition);
  made.set(definition, known);
  return known;
}

const misconfigured = (message: string) => new EmitError("misconfigured", message);

const isDefinition = (given: unknown): given is Events =>
  typeof given === "object" && given !== null && "kinds" in given && "member" in given;

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

/** The faults that the schema's library finds. The library's output is dropped: an event is stored as it was emitted. */
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
