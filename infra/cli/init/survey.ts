import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { PACKAGE } from "../../package-root.ts";
import { findConfigurations } from "../../project/find-configurations.ts";
import { consumerIn, isConsumerAlone } from "../../project/find-consumer.ts";
import { findPackage } from "../../project/find-package.ts";
import { routeModuleOf } from "../../project/find-route-module.ts";
import { type Project, sortByRole } from "../../project/project.ts";
import { readWranglerFile, type WranglerFile } from "../../project/wrangler-file.ts";
import { UserError } from "../../user-error.ts";
import { DEFAULT_NAME } from "./templates.ts";

/** The folders for the parts of the hub. */
export const PLACES = {
  hub: "eventhub/hub",
  executor: "eventhub/executor",
  console: "eventhub/console",
} as const;

/** The folders for the Workers of the example. */
export const EXAMPLES = { consumer: "workers/consumer", producer: "workers/producer" } as const;

/** The state of a project before anything is written. */
export interface Survey {
  /** An absolute path. */
  root: string;
  /** The text of package.json. */
  manifest: string | undefined;
  /** The existing parts of a hub, by their role. */
  parts: Pick<Project, "hub" | "executor" | "console" | "metrics">;
  /** The project's own Workers with code, without those of the example. */
  workers: WranglerFile[];
  /** Those that may emit: all but those that are only consumers. */
  emitting: WranglerFile[];
  /** The first one that is a consumer, and how to bind it. */
  consumer: { file: WranglerFile; entrypoint?: string } | undefined;
  /** The common beginning of the names of the existing parts. */
  name: string | undefined;
  /** The route configuration, relative to the root. */
  routing: string;
  /** The package's directory, relative to the root. If the package is not installed, the place where npm will put it. */
  packageAt: string;
}

/** Reads a directory. @throws {UserError} If it does not exist. @throws {FileFaults} If a configuration cannot be read. */
export function survey(directory: string): Survey {
  const root = resolve(directory);
  if (!existsSync(root))
    throw new UserError(`${directory} does not exist: create it first, or name another with --root`);
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
    emitting: workers.filter((file) => !isConsumerAlone(file)),
    consumer: workers.flatMap((file) => {
      const called = consumerIn(file);
      return called === undefined ? [] : [{ file, ...called }];
    })[0],
    name: parts.hub?.name.endsWith("-hub") ? parts.hub.name.slice(0, -"-hub".length) : undefined,
    routing: module === undefined ? `${DEFAULT_NAME}/routing.json` : inRoot(root, module.path),
    packageAt: packageFrom(root),
  };
}

/** A path relative to the root, with slashes. */
export function inRoot(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}

/** The text of a file; `undefined` if it does not exist. */
export function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** The name of a directory, made valid for a package. */
export function packageNameOf(root: string): string {
  const name = basename(root)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+/, "");
  return name === "" ? "app" : name;
}

/** In a workspace, the package is in the workspace's folder. */
function packageFrom(root: string): string {
  const directory = findPackage(PACKAGE, root);
  return directory === undefined ? `node_modules/${PACKAGE}` : inRoot(root, directory);
}
