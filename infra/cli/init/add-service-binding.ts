import type { WranglerFile } from "../../project/wrangler-file.ts";
import { addElement, addMember, readJson } from "./edit-json.ts";

/** A service binding that a Worker lacks. */
export interface ServiceBinding {
  binding: string;
  service: string;
  /** The class to call, if it is not the default export. */
  entrypoint?: string;
}

/** What must be done to give a configuration a binding. */
export type Bound =
  /** It already has the binding. */
  | { op: "nothing" }
  /** Its text, with the binding. */
  | { op: "edit"; text: string }
  /** The lines that a person has to add. */
  | { op: "by hand"; lines: string };

/** Adds a service binding to a wrangler configuration. An existing binding with its name stays, whatever it is. */
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

/** The same for a JSON text. */
export function textWithService(text: string, added: ServiceBinding): Bound {
  return withService({ format: "json", text, config: (readJson(text) ?? {}) as WranglerFile["config"] }, added);
}

/** The environments of a configuration that have bindings of their own: wrangler gives them none of the top level's. */
export function environmentsOf({ config }: WranglerFile): string[] {
  const { env } = config;
  return typeof env === "object" && env !== null ? Object.keys(env) : [];
}

/** The instruction for a person who has to add a binding. */
export const byHand = (path: string, lines: string) => `Add to ${path}:\n\n${lines.replaceAll(/^/gm, "  ")}`;

/** The names of all bindings, of whatever type. */
function namesOf(config: WranglerFile["config"]): Set<unknown> {
  const lists = [...Object.values(config), config.queues?.producers].filter((value) => Array.isArray(value));
  return new Set(lists.flat().map((entry) => (entry as { binding?: unknown } | null)?.binding));
}

function tomlLines(added: ServiceBinding): string {
  const lines = Object.entries(added).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  return ["[[services]]", ...lines].join("\n");
}

function jsonLines(added: ServiceBinding): string {
  const members = Object.entries(added).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `"services": [{ ${members.join(", ")} }]`;
}

/** The order that the example emits; the template's test has the same one. */
const EXAMPLE_ID = "o-1";

/** The lines with which a Worker's code emits, in the form of its framework. */
export function emitLines(source: string): string {
  const env = /from\s+["']hono["']/.test(source) ? "c.env" : "env";
  return `await ${env}.EVENTHUB.emit({ kind: "order.paid", id: "${EXAMPLE_ID}", total: 12 }, { idempotencyKey: "order-paid-${EXAMPLE_ID}" });`;
}
