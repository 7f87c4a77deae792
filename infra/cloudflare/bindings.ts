import { type Input, output, secret } from "@pulumi/pulumi";
import { DEFAULT_WORKFLOW } from "../../schema/config/destinations/index.ts";
import type { Destinations } from "./arguments.ts";
import type { Binding } from "./deploy-worker.ts";
import { nameFor, ownWorkflowBinding, ownWorkflowName } from "./names.ts";
import { bindingsOf } from "./targets.ts";

/** How Workers find the database. */
export interface DatabaseSources {
  databaseUrl: Input<string>;
  databaseEndpoint: Input<string> | undefined;
}

/** What the hub's and the executor's bindings are made of. */
export interface BindingSources extends DatabaseSources {
  queueName: Input<string>;
}

/** The class in the executor's script that every one of its Workflows runs. */
export const WORKFLOW_CLASS = "Dispatch";

/** The hub's bindings: those of `HubEnv`. */
export function hubBindings(sources: BindingSources): Binding[] {
  return [...databaseBindings(sources), { type: "queue", name: "EVENTHUB_QUEUE", queueName: sources.queueName }];
}

/** The database's connection string, as a secret, and its endpoint. */
function databaseBindings({ databaseUrl, databaseEndpoint }: DatabaseSources): Binding[] {
  return [
    { type: "secret_text", name: "DATABASE_URL", text: secret(databaseUrl) },
    ...(databaseEndpoint === undefined ? [] : [plainText("DATABASE_ENDPOINT", databaseEndpoint)]),
  ];
}

/** The executor's bindings: those of `ExecutorEnv`, its destinations' own Workflows, and its destinations. */
export function executorBindings(
  sources: BindingSources & { name: Input<string>; reconcileGraceSeconds: number | undefined },
  destinations: Destinations,
): Binding[] {
  const { name, reconcileGraceSeconds } = sources;
  const bindings = [
    ...hubBindings(sources),
    ...(reconcileGraceSeconds === undefined
      ? []
      : [plainText("RECONCILE_GRACE_SECONDS", String(reconcileGraceSeconds))]),
    workflow(DEFAULT_WORKFLOW, nameFor(name, "workflow")),
    ...Object.entries(destinations).flatMap(([destination, args]) => {
      const own = output(name).apply((known) => ownWorkflowName(known, destination));
      return [
        ...(args.workflow === undefined ? [] : [workflow(ownWorkflowBinding(destination), own)]),
        ...bindingsOf(destination, args),
      ];
    }),
  ];
  // Webhooks may share a secret.
  return [...new Map(bindings.map((binding) => [binding.name, binding])).values()];
}

/** A variable. */
export const plainText = (name: string, text: Input<string>): Binding => ({ type: "plain_text", name, text });

/** Names the class, since the Workflow itself is made only after the script that has the class. */
const workflow = (name: string, workflowName: Input<string>): Binding => ({
  type: "workflow",
  name,
  workflowName,
  className: WORKFLOW_CLASS,
});
