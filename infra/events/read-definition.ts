import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import { Faults, isRecord, RouteConfigError } from "../../schema/config/faults.ts";
import { readRouteConfig } from "../../schema/config/routes.ts";
import type { EventKind, Events } from "../../schema/events/index.ts";
import type { CheckedKind, EventChecker } from "../../workers/hub/events/checker.ts";
import { configuredEvents } from "../../workers/hub/events/checker-of-configuration.ts";
import { checkerOfDefinition } from "../../workers/hub/events/checker-of-hub.ts";
import { FileFaults, JsonFile } from "../project/json-file.ts";
import { UserError } from "../user-error.ts";

/**
 * The events of a file: a module that exports the result of `defineEvents`, or JSON with the `events` of a configuration. @throws FileFaults,
 * UserError
 */
export async function definitionIn(path: string): Promise<EventChecker> {
  return /\.jsonc?$/.test(path) ? configuredIn(new JsonFile(path), path) : definedIn(path);
}

function configuredIn(file: JsonFile, path: string): EventChecker {
  const value = file.value();
  if (!isRecord(value) || value.events === undefined)
    throw new UserError(`${path}: defines no events: it must have \`events\`, by kind`);
  try {
    return checkerOfConfiguration({ routes: [], ...value });
  } catch (error) {
    if (!(error instanceof RouteConfigError)) throw error;
    throw new FileFaults(error.faults.map((fault) => file.line(fault)));
  }
}

/** The events of a configuration. @throws RouteConfigError with their faults */
function checkerOfConfiguration(value: Readonly<Record<string, unknown>>): EventChecker {
  const { events, eventDefaults } = value;
  const faults = new Faults();
  const config = readRouteConfig(
    { routes: [], events, ...(eventDefaults === undefined ? {} : { eventDefaults }) },
    faults,
  );
  const checker = configuredEvents(config ?? {}, faults);
  if (checker === undefined || faults.list.length > 0) throw new RouteConfigError(faults.list);
  return checker;
}

async function definedIn(path: string): Promise<EventChecker> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UserError(`${path}: there is no such file`);
  const module = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const hint = /\.[mc]?ts$/.test(path)
      ? " (Node reads TypeScript from 22.18 on, and only types that it can leave out)"
      : "";
    throw new UserError(`${path}: cannot be loaded${hint}: ${reason}`);
  });
  const found = [module.events, module.default, ...Object.values(module)].find(isDefinition);
  if (found === undefined) throw new UserError(`${path}: exports no result of defineEvents()`);
  return withJsonSchemas(found);
}

/** True for the result of `defineEvents`. */
export const isDefinition = (value: unknown): value is Events =>
  isRecord(value) && isRecord(value.kinds) && typeof value.member === "string" && typeof value.unknown === "string";

/** The checker of a definition whose kinds can be expressed in JSON Schema: for valibot, a library of its own does that. */
export function withJsonSchemas(definition: Events): EventChecker {
  const checker = checkerOfDefinition(definition);
  const kinds = new Map<string, CheckedKind>();
  for (const [kind, known] of checker.kinds) {
    const { schema } = definition.kinds[kind] as EventKind;
    kinds.set(kind, { ...known, jsonSchema: () => known.jsonSchema() ?? valibotJsonSchema(schema) });
  }
  return { ...checker, kinds };
}

function valibotJsonSchema(schema: EventKind["schema"]): unknown {
  if (schema["~standard"].vendor !== "valibot") return undefined;
  try {
    return toJsonSchema(schema as unknown as GenericSchema, {
      target: "draft-2020-12",
      typeMode: "input",
      errorMode: "ignore",
    });
  } catch {
    return undefined;
  }
}
