import { type Input, output, secret } from "@pulumi/pulumi";
import { DEFAULT_WORKFLOW } from "../../schema/config/destinations/index.ts";
import { ALARM_BINDING, ALARM_CLASS } from "../../schema/vocabulary/deployment.ts";
import type { Destinations } from "./arguments.ts";
import type { Binding } from "./deploy-worker.ts";
import { bindingsOf } from "./destination-bindings.ts";
import { nameFor, ownWorkflowBinding, ownWorkflowName, ownWorkflows } from "./names.ts";

/** How Workers find the database. */
export interface DatabaseSources {
  databaseUrl: Input<string>;
  databaseEndpoint: Input<string> | undefined;
}

/** The sources of the hub's and the executor's bindings. */
export interface BindingSources extends DatabaseSources {
  queueName: Input<string>;
  reconcileGraceSeconds: number | undefined;
}

/** The class in the executor's script that all of its Workflows run. */
export const WORKFLOW_CLASS = "Dispatch";

/** The hub's bindings: those of `HubEnv`. */
export function hubBindings(sources: BindingSources): Binding[] {
  return [...commonBindings(sources), alarm()];
}

/** The classes with storage in the hub's script: its alarm. With exports instead of migrations, every version declares the same. */
export const HUB_EXPORTS = { [ALARM_CLASS]: { type: "durable-object", storage: "sqlite" } };

function commonBindings(sources: BindingSources): Binding[] {
  const { reconcileGraceSeconds, queueName } = sources;
  return [
    ...databaseBindings(sources),
    { type: "queue", name: "EVENTHUB_QUEUE", queueName },
    ...(reconcileGraceSeconds === undefined
      ? []
      : [plainText("RECONCILE_GRACE_SECONDS", String(reconcileGraceSeconds))]),
  ];
}

/** The alarm of the Worker's own script, or of another script. */
const alarm = (scriptName?: Input<string>): Binding => ({
  type: "durable_object_namespace",
  name: ALARM_BINDING,
  className: ALARM_CLASS,
  ...(scriptName === undefined ? {} : { scriptName }),
});

/** The database's connection string, as a secret, and its endpoint. */
export function databaseBindings({ databaseUrl, databaseEndpoint }: DatabaseSources): Binding[] {
  return [
    { type: "secret_text", name: "DATABASE_URL", text: secret(databaseUrl) },
    ...(databaseEndpoint === undefined ? [] : [plainText("DATABASE_ENDPOINT", databaseEndpoint)]),
  ];
}

/** The executor's bindings: those of `ExecutorEnv`, its destinations' own Workflows, and its destinations. */
export function executorBindings(
  sources: BindingSources & { name: Input<string>; hub: Input<string> },
  destinations: Destinations,
): Binding[] {
  const { name, hub } = sources;
  const bindings = [
    ...commonBindings(sources),
    alarm(hub),
    workflow(DEFAULT_WORKFLOW, nameFor(name, "workflow")),
    ...Object.entries(destinations).flatMap(([destination, args]) => {
      const own = args.workflow === undefined ? [] : ownWorkflows(destination, args.workflow.count);
      return [
        ...own.map((one) =>
          workflow(
            ownWorkflowBinding(one),
            output(name).apply((known) => ownWorkflowName(known, one)),
          ),
        ),
        ...bindingsOf(destination, args),
      ];
    }),
  ];
  // Webhooks may share a secret.
  return [...new Map(bindings.map((binding) => [binding.name, binding])).values()];
}

/** A variable. */
export const plainText = (name: string, text: Input<string>): Binding => ({ type: "plain_text", name, text });

/** Names the class, since the Workflow itself is created only after the script that has the class. */
const workflow = (name: string, workflowName: Input<string>): Binding => ({
  type: "workflow",
  name,
  workflowName,
  className: WORKFLOW_CLASS,
});
