import { DEFAULT_WORKFLOW } from "../../schema/config/destinations/index.ts";
import { destinationOf, type RouteConfig } from "../../schema/config/routes.ts";
import { log } from "../../schema/text/log.ts";
import type { ExecutorEnv } from "../../workflows/env.ts";
import type { Starting } from "../../workflows/flow/start-pullers.ts";
import type { Work } from "../../workflows/group.ts";
import type { ExecutorContext } from "./context.ts";

/** The name of the Workflow binding that delivers to a destination: its own, or the one that all share. */
export const workflowNameOf = (config: RouteConfig, destination: string): string =>
  destinationOf(config, destination)?.workflow ?? DEFAULT_WORKFLOW;

/** The Workflow behind a binding's name, as rows and groups keep it; `undefined` if the executor has no such binding (any more). */
export function workflowOf(env: ExecutorEnv, name: string): Workflow<Work> | undefined {
  const binding: unknown = Object.hasOwn(env, name) ? (env as unknown as Record<string, unknown>)[name] : undefined;
  if (binding === undefined) log("error", "workflow.no_binding", { workflow: name });
  return binding as Workflow<Work> | undefined;
}

/** What starts the Workflow instances of destinations with limits or an order. */
export const startingFrom = ({ env, database, config }: ExecutorContext): Starting => ({
  database,
  config,
  workflowOf: (name) => workflowOf(env, name),
});
