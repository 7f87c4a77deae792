import { Workflow } from "@pulumi/cloudflare/workflow.js";
import type { Input, Resource } from "@pulumi/pulumi";
import { DEFAULT_WORKFLOW } from "../../schema/destinations.ts";
import type { Destinations, WorkflowSettings } from "./arguments.ts";
import { WORKFLOW_CLASS } from "./bindings.ts";
import type { DeployedWorker } from "./deploy-worker.ts";
import { namesOf, ownWorkflow } from "./names.ts";

/** What Workflows are made of. */
export interface WorkflowOptions {
  accountId: Input<string>;
  /** Begins their names in the account. */
  name: string;
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
    [DEFAULT_WORKFLOW]: makeWorkflow(`${resource}-dispatch`, namesOf(name).workflow, shared, options),
  };
  for (const [destination, { workflow }] of Object.entries(destinations)) {
    if (workflow === undefined) continue;
    const own = ownWorkflow(name, destination);
    const retention = workflow.retention ?? shared.retention;
    const settings = { ...workflow, ...(retention === undefined ? {} : { retention }) };
    workflows[own.binding] = makeWorkflow(`${resource}-dispatch-${destination}`, own.name, settings, options);
  }
  return workflows;
}

function makeWorkflow(
  resource: string,
  workflowName: string,
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
