import { DEFAULT_WORKFLOW } from "../../schema/config/destinations/index.ts";
import { destinationOf, type RouteConfig } from "../../schema/config/routes.ts";
import { log } from "../../schema/text/log.ts";
import type { ExecutorEnv } from "../../workflows/env.ts";
import type { Group } from "../../workflows/group.ts";

/** The name of the Workflow binding that delivers to a destination: its own, or the one that all share. */
export const workflowNameOf = (config: RouteConfig, destination: string): string =>
  destinationOf(config, destination)?.workflow ?? DEFAULT_WORKFLOW;

/** The Workflow behind a binding's name, as rows and groups keep it; `undefined` if the executor has no such binding (any more). */
export function workflowOf(env: ExecutorEnv, name: string): Workflow<Group> | undefined {
  const binding: unknown = Object.hasOwn(env, name) ? (env as unknown as Record<string, unknown>)[name] : undefined;
  if (binding === undefined) log("error", "workflow.no_binding", { workflow: name });
  return binding as Workflow<Group> | undefined;
}
