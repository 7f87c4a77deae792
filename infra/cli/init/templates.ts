import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { PACKAGE, packageRoot } from "../../package-root.ts";

/** What can be written, by the name that `--template` has. */
export const TEMPLATES = {
  example: "hub, executor, console, and an order that goes from a producer to a consumer, with its test",
  minimal: "hub, executor and console, without routes",
} as const;

export type Template = keyof typeof TEMPLATES;

/** What is written where nobody says which. */
export const DEFAULT_TEMPLATE: Template = "example";

/** What stands in the templates for the first part of the Workers' and the queue's names. */
export const DEFAULT_NAME = "eventhub";

const NAMES = /\beventhub-(?=(?:hub|executor|console|consumer|producer|dispatch|dispatches)\b)/g;

/** How the templates are made fit for a project. */
export interface Fit {
  /** What the names of the Workers and of the queue begin with. */
  name: string;
  /** The package's directory, relative to the project's root, with slashes. */
  packageAt: string;
}

/** The files of one folder of infra/templates, by their paths in the project. */
export function readTemplate(folder: string, fit: Fit): Map<string, string> {
  const directory = join(packageRoot(), "infra", "templates", folder);
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((path) => [relative(directory, path).split(sep).join("/"), fitted(readFileSync(path, "utf8"), fit)]),
  );
}

function fitted(text: string, { name, packageAt }: Fit): string {
  return text.replaceAll(NAMES, () => `${name}-`).replaceAll(`node_modules/${PACKAGE}`, () => packageAt);
}
