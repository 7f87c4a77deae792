import { Workflow } from "@pulumi/cloudflare/workflow.js";
import { type Input, output, type Resource } from "@pulumi/pulumi";
import { DEFAULT_WORKFLOW } from "../../schema/config/destinations/index.ts";
import type { Destinations, WorkflowSettings } from "./arguments.ts";
import { WORKFLOW_CLASS } from "./bindings.ts";
import type { DeployedWorker } from "./deploy-worker.ts";
import { nameFor, ownWorkflowBinding, ownWorkflowName, ownWorkflows } from "./names.ts";

/** The options for creating Workflows. */
export interface WorkflowOptions {
  accountId: Input<string>;
  /** The beginning of their names in the account. */
  name: Input<string>;
  /** The settings of the Workflow that destinations share. */
  shared: WorkflowSettings;
  destinations: Destinations;
  executor: DeployedWorker;
  parent: Resource;
}

/** The shared Workflow and the destinations' own, by the executor's bindings. All run the same class, and differ only in their limits. */
export function makeWorkflows(resource: string, options: WorkflowOptions): Record<string, Workflow> {
  const { name, shared, destinations } = options;
  const workflows: Record<string, Workflow> = {
    [DEFAULT_WORKFLOW]: makeWorkflow(`${resource}-dispatch`, nameFor(name, "workflow"), shared, options),
  };
  for (const [destination, { workflow }] of Object.entries(destinations)) {
    if (workflow === undefined) continue;
    const retention = workflow.retention ?? shared.retention;
    const settings = { ...workflow, ...(retention === undefined ? {} : { retention }) };
    for (const one of ownWorkflows(destination, workflow.count)) {
      const own = output(name).apply((known) => ownWorkflowName(known, one));
      workflows[ownWorkflowBinding(one)] = makeWorkflow(`${resource}-dispatch-${one}`, own, settings, options);
    }
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
      // The Worker's name and not the deployment's, which a new deployment makes unknown: a Workflow that is replaced loses its instances.
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
