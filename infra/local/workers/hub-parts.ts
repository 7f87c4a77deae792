import { relative } from "node:path";
import { checkExports } from "../../cli/doctor/checks/exports.ts";
import { checkWorkflows } from "../../cli/doctor/checks/workflows.ts";
import { type Finding, findingText } from "../../cli/doctor/finding.ts";
import { type Project, workersOf } from "../../project/project.ts";
import type { WranglerFile } from "../../project/wrangler-file.ts";
import { UserError } from "../../user-error.ts";

/** The two without which there is no hub. */
export interface HubParts {
  hub: WranglerFile;
  executor: WranglerFile;
}

const INIT = "npx cf-eventhub-workflows init";

/**
 * The hub and the executor of a project.
 *
 * @throws {UserError} That says what is missing, and what to do.
 */
export function hubPartsOf(project: Project): HubParts {
  const { root, hub, executor } = project;
  if (hub === undefined || executor === undefined) {
    const lacking = hub === undefined && executor === undefined ? "hub and executor" : hub ? "executor" : "hub";
    const found = workersOf(project).map(({ path }) => relative(root, path));
    throw new UserError(
      `There is no ${lacking} among the wrangler configurations of ${root}` +
        `${found.length === 0 ? "" : ` (${found.join(", ")})`}: \`${INIT}\` writes them, and -c names those that are elsewhere.`,
    );
  }
  return { hub, executor };
}

/** The same, of a project whose hub can start. @throws {UserError} That says what is missing, and what to do. */
export function soundPartsOf(project: Project): HubParts {
  const parts = hubPartsOf(project);
  const fault = faultOfParts(project);
  if (fault !== undefined) throw new UserError(findingText(fault, project.root));
  return parts;
}

/** What workerd could not start with: a Workflow or a class that hub and executor lack, or that they bind and nobody has. */
export function faultOfParts(project: Project): Finding | undefined {
  const paths = [project.hub, project.executor].flatMap((file) => file?.path ?? []);
  return [...checkWorkflows(project), ...checkExports(project)].find(({ place }) =>
    paths.some((path) => place.startsWith(`${path}:`)),
  );
}
