import { Workflow } from "@pulumi/cloudflare/workflow.js";
import { type Input, output, type Resource } from "@pulumi/pulumi";
import { DEFAULT_WORKFLOW } from "../../schema/config/destinations/index.ts";
import type { Destinations, WorkflowSettings } from "./arguments.ts";
import { WORKFLOW_CLASS } from "./bindings.ts";
import type { DeployedWorker } from "./deploy-worker.ts";
import { nameFor, ownWorkflowBinding, ownWorkflowName } from "./names.ts";

/** What Workflows are made of. */
export interface WorkflowOptions {
  accountId: Input<string>;
  /** Begins their names in the account. */
  name: Input<string>;
  /** Settings of the one that destinations share. */
  shared: WorkflowSettings;
  destinations: Destinations;
  executor: DeployedWorker;
  parent: Resource;
}

/** The shared Workflow and the destinations' own, by the executor's bindings. All run the same class; all that is theirs is their limit. */
export function makeWorkflows(resource: string, options: WorkflowOptions): Record<string, Workflow> {
  const { name, shared, destinations } = options;
  const workflows: Record<string, Workflow> = {
    [DEFAULT_WORKFLOW]: makeWorkflow(`${resource}-dispatch`, nameFor(name, "workflow"), shared, options),
  };
  for (const [destination, { workflow }] of Object.entries(destinations)) {
    if (workflow === undefined) continue;
    const own = output(name).apply((known) => ownWorkflowName(known, destination));
    const retention = workflow.retention ?? shared.retention;
    const settings = { ...workflow, ...(retention === undefined ? {} : { retention }) };
    const binding = ownWorkflowBinding(destination);
    workflows[binding] = makeWorkflow(`${resource}-dispatch-${destination}`, own, settings, options);
  }
  return workflows;
}

function makeWorkflow(
  resource: string,
  workflowName: Input<string>,
  { concurrency, retention }: WorkflowSettings,
  { accountId, executor: { worker, deployment }, parent }: WorkflowOptions,
): Workflow {
  return new Workflow(
    resource,
    {
      accountId,
      workflowName,
      // The Worker's and not the deployment's name, which a new deployment makes unknown: a Workflow that is replaced loses its instances.
      scriptName: worker.name,
      className: WORKFLOW_CLASS,
      ...(concurrency === undefined ? {} : { concurrency: { limit: concurrency } }),
      ...(retention === undefined
        ? {}
        : { defaultRetention: { successRetention: retention.success, errorRetention: retention.error } }),
    },
    { parent, dependsOn: deployment },
  );
}
