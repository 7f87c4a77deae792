import { relative } from "node:path";
import { checkExports } from "../../cli/doctor/checks/exports.ts";
import { checkWorkflows } from "../../cli/doctor/checks/workflows.ts";
import { type Finding, findingText } from "../../cli/doctor/finding.ts";
import { type Project, workersOf } from "../../project/project.ts";
import type { WranglerFile } from "../../project/wrangler-file.ts";
import { UserError } from "../../user-error.ts";

/** The two parts that every hub needs. */
export interface HubParts {
  hub: WranglerFile;
  executor: WranglerFile;
}

const INIT = "npx cf-eventhub-workflows init";

/**
 * The hub and the executor of a project.
 *
 * @throws {UserError} It says what is missing, and what to do.
 */
export function hubPartsOf(project: Project): HubParts {
  const { root, hub, executor } = project;
  if (hub === undefined || executor === undefined) {
    const lacking = hub === undefined && executor === undefined ? "hub and executor" : hub ? "executor" : "hub";
    const found = workersOf(project).map(({ path }) => relative(root, path));
    throw new UserError(
      `The wrangler configurations of ${root} include no ${lacking}` +
        `${found.length === 0 ? "" : ` (${found.join(", ")})`}: \`${INIT}\` writes them, and -c names configurations in other places.`,
    );
  }
  return { hub, executor };
}

/** The same, for a project whose hub can start. @throws {UserError} It says what is missing, and what to do. */
export function soundPartsOf(project: Project): HubParts {
  const parts = hubPartsOf(project);
  const fault = faultOfParts(project);
  if (fault !== undefined) throw new UserError(findingText(fault, project.root));
  return parts;
}

/** A fault with which workerd could not start: a Workflow or a class that hub and executor lack, or that they bind and that does not exist. */
export function faultOfParts(project: Project): Finding | undefined {
  const paths = [project.hub, project.executor].flatMap((file) => file?.path ?? []);
  return [...checkWorkflows(project), ...checkExports(project)].find(({ place }) =>
    paths.some((path) => place.startsWith(`${path}:`)),
  );
}
