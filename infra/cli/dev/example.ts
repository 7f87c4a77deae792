import type { Condition } from "../../../schema/config/routes.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import type { CompiledRoutes } from "../../../workers/hub/routing/index.ts";
import type { Project } from "../../project/project.ts";
import { routeModuleOf } from "../../project/route-module.ts";
import { compileFile } from "../routes/compile-file.ts";

/** The text of a place where any text is taken. */
const ANY_TEXT = "example";

/** What is emitted where no route says what it would take. */
const ANY: EventPayload = { kind: ANY_TEXT };

/** A payload that the project's first route takes, as far as its condition shows one. */
export function exampleOf({ hub }: Project): EventPayload {
  const path = hub && routeModuleOf(hub)?.path;
  if (path === undefined) return ANY;
  try {
    return exampleFor(compileFile(path));
  } catch {
    return ANY; // faulty at the moment, and that is told
  }
}

/** A payload that one of the routes takes, of the first one that shows what it takes. */
export function exampleFor(routes: CompiledRoutes): EventPayload {
  for (const { enabled, condition } of routes.config.routes) {
    if (!enabled) continue;
    const payload = condition === undefined ? ANY : satisfying(condition);
    if (payload !== undefined && routes.match(payload).length > 0) return payload;
  }
  return ANY;
}

/** A payload of which the condition holds, if its operators name one. */
function satisfying(condition: Condition): EventPayload | undefined {
  const payload: Record<string, unknown> = {};
  return fill(payload, condition) ? (payload as EventPayload) : undefined;
}

function fill(payload: Record<string, unknown>, condition: Condition): boolean {
  if ("allOf" in condition) return condition.allOf.every((part) => fill(payload, part));
  if ("anyOf" in condition) return condition.anyOf.some((part) => fill(payload, part));
  // What must not be there is not.
  if ("not" in condition) return true;
  const keys = readPath(condition.path);
  const value = valueFor(condition);
  if (keys === undefined || value === undefined) return false;
  return put(payload, keys, value);
}

type Comparator = Exclude<Condition, { allOf: unknown } | { anyOf: unknown } | { not: unknown }>;

function valueFor(condition: Comparator): unknown {
  const { exact, equalsIgnoreCase, prefix, suffix, contains, gte, gt, lte, lt, exists, match, wildcard } = condition;
  const first = condition.in?.[0];
  if (exact !== undefined) return exact;
  if (first !== undefined) return first;
  if (equalsIgnoreCase !== undefined) return equalsIgnoreCase;
  if (prefix !== undefined) return `${prefix}${ANY_TEXT}`;
  if (suffix !== undefined) return `${ANY_TEXT}${suffix}`;
  if (wildcard !== undefined) return wildcard.replaceAll("*", ANY_TEXT);
  if (contains !== undefined) return typeof contains === "string" ? contains : [contains];
  if (gte !== undefined || gt !== undefined) return gte ?? (gt ?? 0) + 1;
  if (lte !== undefined || lt !== undefined) return lte ?? (lt ?? 0) - 1;
  if (exists === true) return ANY_TEXT;
  return match === undefined ? undefined : /^\^?\(?([\w. -]+)[|)$]/.exec(`${match}$`)?.[1];
}

/** The keys of a path that names one place: `$.order.id`, `$["order"].id`. */
function readPath(path: string): string[] | undefined {
  const parts = [...path.matchAll(/^\$|\.([A-Za-z_][\w]*)|\[(?:"([^"\\]*)"|'([^'\\]*)')\]/g)];
  if (parts.map(([text]) => text).join("") !== path) return undefined;
  return parts.slice(1).map(([, name, double, single]) => name ?? double ?? single ?? "");
}

function put(payload: Record<string, unknown>, keys: readonly string[], value: unknown): boolean {
  const [key, ...rest] = keys;
  if (key === undefined) return false;
  if (rest.length === 0) {
    payload[key] ??= value;
    return true;
  }
  payload[key] ??= {};
  const below = payload[key];
  return typeof below === "object" && below !== null && put(below as Record<string, unknown>, rest, value);
}
