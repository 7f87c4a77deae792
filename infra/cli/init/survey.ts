import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { PACKAGE } from "../../package-root.ts";
import { findConfigurations } from "../../project/find-configurations.ts";
import { findPackage } from "../../project/find-package.ts";
import { type Project, sortByRole } from "../../project/project.ts";
import { routeModuleOf } from "../../project/route-module.ts";
import { readWranglerFile, type WranglerFile } from "../../project/wrangler-file.ts";
import { UserError } from "../../user-error.ts";
import { DEFAULT_NAME } from "./templates.ts";

/** Where `init` puts the parts of the hub. */
export const PLACES = {
  hub: "eventhub/hub",
  executor: "eventhub/executor",
  console: "eventhub/console",
} as const;

/** Where it puts the Workers of the example. */
export const EXAMPLES = { consumer: "workers/consumer", producer: "workers/producer" } as const;

/** What is there before anything is written. */
export interface Survey {
  /** Absolute. */
  root: string;
  /** The text of package.json. */
  manifest: string | undefined;
  /** The parts of a hub that are there, by what they are. */
  parts: Pick<Project, "hub" | "executor" | "console">;
  /** The project's own Workers that run code, without those of the example. */
  workers: WranglerFile[];
  /** The first part of the names of the parts that are there. */
  name: string | undefined;
  /** The route configuration, relative to the root. */
  routing: string;
  /** The package's directory, relative to the root; where npm will put it, if it is not there. */
  packageAt: string;
}

/** Looks at a directory. @throws {UserError} If it is not there. @throws {FileFaults} If a configuration cannot be read. */
export function survey(directory: string): Survey {
  const root = resolve(directory);
  if (!existsSync(root)) throw new UserError(`${directory} is not there: make it first, or say another with --root`);
  const files = findConfigurations(root).map(readWranglerFile);
  const { own, ...parts } = sortByRole(
    root,
    files,
    "init adds to one hub: run it in the directory of that hub's project.",
  );
  const examples = new Set<string>(Object.values(EXAMPLES));
  const workers = own.filter(({ main, path }) => main !== undefined && !examples.has(inRoot(root, dirname(path))));
  const module = parts.hub && routeModuleOf(parts.hub);
  return {
    root,
    manifest: textOf(join(root, "package.json")),
    parts,
    workers,
    name: parts.hub?.name.endsWith("-hub") ? parts.hub.name.slice(0, -"-hub".length) : undefined,
    routing: module === undefined ? `${DEFAULT_NAME}/routing.json` : inRoot(root, module.path),
    packageAt: packageFrom(root),
  };
}

/** A path relative to the root, with slashes. */
export function inRoot(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}

/** The text of a file; `undefined` if it is not there. */
export function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** The name of a directory, as a package may have it. */
export function packageNameOf(root: string): string {
  const name = basename(root)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+/, "");
  return name === "" ? "app" : name;
}

/** In a workspace the package is where the workspace has it. */
function packageFrom(root: string): string {
  const directory = findPackage(PACKAGE, root);
  return directory === undefined ? `node_modules/${PACKAGE}` : inRoot(root, directory);
}
