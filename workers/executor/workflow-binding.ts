import { log } from "../../schema/text/log.ts";
import type { ExecutorEnv } from "../../workflows/env.ts";
import type { Starting } from "../../workflows/flow/start-pullers.ts";
import type { Work } from "../../workflows/group.ts";
import type { ExecutorContext } from "./context.ts";

/** The Workflow of a binding's name, which rows and groups store; `undefined` if the executor has no such binding, or no longer has it. */
export function workflowOf(env: ExecutorEnv, name: string): Workflow<Work> | undefined {
  const binding: unknown = Object.hasOwn(env, name) ? (env as unknown as Record<string, unknown>)[name] : undefined;
  if (binding === undefined) log("error", "workflow.no_binding", { workflow: name });
  return binding as Workflow<Work> | undefined;
}

/** Everything that is needed to start the Workflow instances of destinations with limits or an order. */
export const startingFrom = ({ env, database, config }: ExecutorContext): Starting => ({
  database,
  config,
  workflowOf: (name) => workflowOf(env, name),
});
