import { DESTINATION_KINDS, type Destination, isBatch } from "../../../schema/config/destinations/index.ts";
import { destinationOf, type RouteConfig } from "../../../schema/config/routes.ts";
import type { FakeMethods, FakeTarget } from "./types.ts";

/** The destination of this name. @throws Error if no route leads there and none is declared */
export function knownDestination(config: RouteConfig, name: string): Destination {
  const destination = destinationOf(config, name);
  if (destination !== undefined) return destination;
  const known = new Set([...config.routes.map((route) => route.destination), ...Object.keys(config.destinations)]);
  throw new Error(`the configuration has no destination ${name}; it has ${[...known].join(", ") || "none at all"}`);
}

/**
 * The executor's environment, with the target in the place of this destination's binding. @throws TypeError if the target does not fit the
 * destination
 */
export function bindingsFor(name: string, destination: Destination, target: FakeTarget): Record<string, unknown> {
  const { binding } = DESTINATION_KINDS[destination.kind];
  // It has no binding, and reads only its secrets from the environment.
  if (binding === undefined) return { ...target };
  const method: keyof FakeMethods = isBatch(destination) ? "handleBatch" : binding.method;
  if (typeof (target as Record<string, unknown>)[method] !== "function")
    throw new TypeError(`${name} is ${binding.what}: what stands for it needs a method ${method}()`);
  return { [name]: target };
}
