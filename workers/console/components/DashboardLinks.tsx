import type { DispatchSummary } from "../../../schema/contract/operator.ts";
import { MAX_WORKFLOW_NAME_LENGTH } from "../../../schema/vocabulary/platform-limits.ts";
import type { ConsoleContext } from "../env.ts";

/** The URL of the platform's dashboard, which asks for the account if somebody has several. */
const DASHBOARD = "https://dash.cloudflare.com/?to=/:account/workers";

/** The binding of the Workflow that destinations share by default. */
const SHARED_WORKFLOW = "DISPATCH";

/** The beginning of the binding of a destination's own Workflow. The rest is the destination's name. */
const OWN_WORKFLOW = "EVENTHUB_WORKFLOW_";

/** The Workflow's name in the account, by the executor's binding; `undefined` if the binding does not show it. */
function workflowName(name: string, binding: string | null): string | undefined {
  if (binding === SHARED_WORKFLOW) return `${name}-dispatch`;
  if (binding?.startsWith(OWN_WORKFLOW) !== true) return undefined;
  const own = `${name}-dispatch-${binding.slice(OWN_WORKFLOW.length)}`;
  return own.length <= MAX_WORKFLOW_NAME_LENGTH ? own : undefined;
}

/** One of the hub's Workers, as a link to the platform's dashboard. Only its name if the console does not know its name there. */
export const WorkerLink = ({ c, part }: { c: ConsoleContext; part: "hub" | "executor" }) => {
  const name = c.env.DASHBOARD_NAME?.trim() ?? "";
  return name === "" ? (
    <span>{part}</span>
  ) : (
    <a rel="noreferrer" href={workerPath(name, part)} title="In the platform's dashboard">
      {part}
    </a>
  );
};

const workerPath = (name: string, part: "hub" | "executor") =>
  `${DASHBOARD}/services/view/${encodeURIComponent(name)}-${part}`;

/**
 * A link to a destination's Workflow in the platform's dashboard, by the executor's binding; default the shared Workflow. Nothing if the console does
 * not know its name.
 */
export const WorkflowLink = ({
  c,
  workflow = SHARED_WORKFLOW,
  number,
}: {
  c: ConsoleContext;
  workflow: string | undefined;
  /** Which it is of several. */
  number: number | undefined;
}) => {
  const name = c.env.DASHBOARD_NAME?.trim() ?? "";
  const its = name === "" ? undefined : workflowName(name, workflow);
  return its === undefined ? undefined : (
    <a class="button" rel="noreferrer" href={`${DASHBOARD}/workflows/${encodeURIComponent(its)}`}>
      Workflow {number === undefined ? undefined : `${number} `}in the dashboard
    </a>
  );
};

/**
 * Links to a dispatch's Workflow instance in the platform's dashboard, and to the Worker that runs it. Nothing if the console does not know their
 * names.
 */
export const DashboardLinks = ({ c, dispatch }: { c: ConsoleContext; dispatch: DispatchSummary }) => {
  const name = c.env.DASHBOARD_NAME?.trim() ?? "";
  if (name === "") return undefined;
  const { workflow, instanceId } = dispatch;
  const its = workflowName(name, workflow);
  return (
    <>
      {its === undefined || instanceId === null ? undefined : (
        <a
          class="button"
          rel="noreferrer"
          href={`${DASHBOARD}/workflows/${encodeURIComponent(its)}/instance/${encodeURIComponent(instanceId)}`}
        >
          Instance in the dashboard
        </a>
      )}
      <a class="button" rel="noreferrer" href={workerPath(name, "executor")}>
        Executor
      </a>
    </>
  );
};
