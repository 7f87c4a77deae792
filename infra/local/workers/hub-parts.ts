import { relative } from "node:path";
import { exportsOf } from "../../project/exports.ts";
import { type Project, workersOf } from "../../project/project.ts";
import { sourceOf } from "../../project/role.ts";
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
  requireExport(root, hub, "Operator", "export class Operator extends HubOperator");
  const workflow = executor.config.workflows?.find(({ binding }) => binding === "DISPATCH");
  if (workflow === undefined) {
    throw new UserError(
      `${executor.place(["workflows"])}: the executor has no Workflow with the binding DISPATCH: ` +
        `add { "binding": "DISPATCH", "name": "eventhub-dispatch", "class_name": "Dispatch" } to its workflows.`,
    );
  }
  const className = workflow.class_name ?? "Dispatch";
  requireExport(root, executor, className, `export class ${className} extends DispatchWorkflow`);
  return { hub, executor };
}

/** What may also come from another module: `export { Operator } from ...`, `export * from ...`. */
function requireExport(root: string, file: WranglerFile, name: string, example: string): void {
  const source = sourceOf(file);
  if (file.main === undefined || source === "") {
    throw new UserError(`${file.place(["main"])}: its main module is not there: ${file.main ?? "none is named"}.`);
  }
  const { names, open } = exportsOf(source);
  if (names.has(name) || open) return;
  throw new UserError(`${relative(root, file.main)} does not export ${name}: add \`${example} { ... }\`.`);
}
