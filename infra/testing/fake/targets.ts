import { DESTINATION_KINDS, type Destination, isBatch } from "../../../schema/config/destinations/index.ts";
import { destinationOf, type RouteConfig } from "../../../schema/config/routes.ts";
import type { FakeTarget } from "./types.ts";

/** What the executor calls of a binding, by the kind of its destination. */
const METHODS: Readonly<Record<Exclude<Destination["kind"], "webhook">, string>> = {
  worker: "handle",
  hub: "handle",
  r2: "put",
  queue: "send",
  workflow: "create",
};

/** The destination of this name. @throws Error if no route leads there and none is declared */
export function knownDestination(config: RouteConfig, name: string): Destination {
  const destination = destinationOf(config, name);
  if (destination !== undefined) return destination;
  const known = new Set([...config.routes.map((route) => route.destination), ...Object.keys(config.destinations)]);
  throw new Error(`the configuration has no destination ${name}; it has ${[...known].join(", ") || "none at all"}`);
}

/** The executor's environment, with the target where this destination has it. @throws TypeError if it is no target for it */
export function bindingsFor(name: string, destination: Destination, target: FakeTarget): Record<string, unknown> {
  const { kind } = destination;
  // It has no binding: what it reads of the environment are its secrets.
  if (kind === "webhook") return { ...target };
  const method = isBatch(destination) ? "handleBatch" : METHODS[kind];
  if (typeof (target as Record<string, unknown>)[method] !== "function") {
    const what = DESTINATION_KINDS[kind].binding?.what;
    throw new TypeError(`${name} is ${what}: what stands for it needs a method ${method}()`);
  }
  return { [name]: target };
}
