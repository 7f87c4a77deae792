import type { WranglerFile } from "../../project/wrangler-file.ts";
import { addElement, addMember, readJson } from "./edit-json.ts";

/** A service binding that a Worker lacks. */
export interface ServiceBinding {
  binding: string;
  service: string;
}

/** What is to be done with a configuration so that it has a binding. */
export type Bound =
  /** It has it. */
  | { op: "nothing" }
  /** Its text with the binding. */
  | { op: "edit"; text: string }
  /** What a person has to add. */
  | { op: "by hand"; lines: string };

/** Puts a service binding into a wrangler configuration; what has its name already stays, whatever it is. */
export function withService(file: Pick<WranglerFile, "format" | "text" | "config">, added: ServiceBinding): Bound {
  if (namesOf(file.config).has(added.binding)) return { op: "nothing" };
  if (file.format === "toml") return { op: "by hand", lines: tomlLines(added) };
  const services: unknown = file.config.services;
  const text =
    services === undefined
      ? addMember(file.text, [], "services", [added])
      : Array.isArray(services)
        ? addElement(file.text, ["services"], added)
        : undefined;
  return text === undefined ? { op: "by hand", lines: jsonLines(added) } : { op: "edit", text };
}

/** The same for a text of JSON. */
export function textWithService(text: string, added: ServiceBinding): Bound {
  return withService({ format: "json", text, config: (readJson(text) ?? {}) as WranglerFile["config"] }, added);
}

/** The environments of a configuration that have bindings of their own: wrangler gives them none of the others. */
export function environmentsOf({ config }: WranglerFile): string[] {
  const { env } = config;
  return typeof env === "object" && env !== null ? Object.keys(env) : [];
}

/** What is said to a person who has to add a binding. */
export const byHand = (path: string, lines: string) => `Add to ${path}:\n\n${lines.replaceAll(/^/gm, "  ")}`;

/** Every name that a binding has, of whatever kind. */
function namesOf(config: WranglerFile["config"]): Set<unknown> {
  const lists = [...Object.values(config), config.queues?.producers].filter((value) => Array.isArray(value));
  return new Set(lists.flat().map((entry) => (entry as { binding?: unknown } | null)?.binding));
}

function tomlLines({ binding, service }: ServiceBinding): string {
  return `[[services]]\nbinding = ${JSON.stringify(binding)}\nservice = ${JSON.stringify(service)}`;
}

function jsonLines(added: ServiceBinding): string {
  return `"services": [{ "binding": ${JSON.stringify(added.binding)}, "service": ${JSON.stringify(added.service)} }]`;
}

/** The order that is emitted where a person has just begun; the template's test has the same. */
const EXAMPLE_ID = "o-1";

/** How a Worker's code emits, with its framework's words. */
export function emitLines(source: string): string {
  const env = /from\s+["']hono["']/.test(source) ? "c.env" : "env";
  return `await ${env}.EVENTHUB.emit({ kind: "order.paid", id: "${EXAMPLE_ID}", total: 12 }, { idempotencyKey: "order-paid-${EXAMPLE_ID}" });`;
}
