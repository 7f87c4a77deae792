import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { PACKAGE, packageRoot } from "../../package-root.ts";

/** The available templates, by their names in `--template`. */
export const TEMPLATES = {
  example: "hub, executor, console, and an example: an order that goes from a producer to a consumer, with a test",
  minimal: "hub, executor and console, without routes",
} as const;

export type Template = keyof typeof TEMPLATES;

/** The template if nobody chooses one. */
export const DEFAULT_TEMPLATE: Template = "example";

/** The beginning of the names of Workers and queue in the templates. */
export const DEFAULT_NAME = "eventhub";

const NAMES = /\beventhub-(?=(?:hub|executor|console|consumer|producer|dispatch|dispatches)\b)/g;

/** How the templates are adapted to a project. */
export interface Fit {
  /** The beginning of the names of the Workers and of the queue. */
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
