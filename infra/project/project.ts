import { relative, resolve } from "node:path";
import { UserError } from "../user-error.ts";
import { findConfigurations } from "./find-configurations.ts";
import { type Role, roleOf } from "./role.ts";
import { readWranglerFile, type WranglerFile } from "./wrangler-file.ts";

/** A hub and the Workers around it, from a project's wrangler configurations. */
export interface Project {
  /** An absolute path. */
  root: string;
  /** The Workers that emit, consume, or are bound by such Workers, without the hub's own parts. */
  own: WranglerFile[];
  hub: WranglerFile | undefined;
  executor: WranglerFile | undefined;
  console: WranglerFile | undefined;
  metrics: WranglerFile | undefined;
  /** The Workers that are bound somewhere, but have no configuration in the project. */
  missing: MissingWorker[];
}

/** A Worker that a binding names and no configuration describes. */
export interface MissingWorker {
  name: string;
  /** Where it is bound: `<file>:<line>:<column>`. */
  place: string;
}

export interface ProjectOptions {
  /** The directory of the project. */
  root: string;
  /** The configurations of the project, relative to the root; default: all that are found below it. */
  configs?: readonly string[];
}

const BY_OPTION = "Say which ones belong together with -c, once for each configuration.";

/**
 * Reads a project's wrangler configurations and finds the role of each Worker. If the configurations were found and not named, it keeps only Workers
 * that are connected to the hub: those that bind a kept one, are bound by one, or consume a queue that one fills.
 *
 * @throws {FileFaults} If one cannot be read.
 * @throws {UserError} If two Workers are the same part, or have the same name.
 */
export function readProject({ root, configs }: ProjectOptions): Project {
  const paths = configs?.map((path) => resolve(root, path)) ?? findConfigurations(root);
  const { own, ...parts } = sortByRole(root, paths.map(readWranglerFile), BY_OPTION);
  const seeds = Object.values(parts).filter((file) => file !== undefined);
  // A Worker that emits belongs to the project, even if its binding has the wrong name for the hub.
  const emitting = own.filter(({ config }) => config.services?.some(({ binding }) => binding === "EVENTHUB"));
  const kept = configs === undefined ? connected([...seeds, ...emitting], own) : own;
  refuseNamesakes(root, [...seeds, ...kept]);
  return { root: resolve(root), own: kept, ...parts, missing: missing([...seeds, ...kept]) };
}

/** The configurations of the hub's existing parts. */
export function partsOf({ hub, executor, console, metrics }: Project): WranglerFile[] {
  return [hub, executor, console, metrics].filter((file) => file !== undefined);
}

/** All configurations of a project, the hub's parts first. */
export const workersOf = (project: Project): WranglerFile[] => [...partsOf(project), ...project.own];

/** Separates the hub's parts from other Workers. @throws {UserError} If two are the same part; `todo` says what a person can do then. */
export function sortByRole(root: string, files: readonly WranglerFile[], todo: string): Pick<Project, Role> {
  const of = (role: Role) => files.filter((file) => roleOf(file) === role);
  const part = (role: Exclude<Role, "own">) => {
    const [first, second] = of(role);
    if (first === undefined || second === undefined) return first;
    const [one, other] = [first, second].map(({ path }) => relative(root, path));
    throw new UserError(`Two Workers are the ${role}: ${one} and ${other}. ${todo}`);
  };
  return {
    hub: part("hub"),
    executor: part("executor"),
    console: part("console"),
    metrics: part("metrics"),
    own: of("own"),
  };
}

/** Those of `others` that are connected to the `seeds`, directly or through others. */
function connected(seeds: readonly WranglerFile[], others: readonly WranglerFile[]): WranglerFile[] {
  const kept = [...seeds];
  const left = new Set(others.filter((file) => !seeds.includes(file)));
  for (let found = true; found; ) {
    found = false;
    for (const candidate of left) {
      if (!kept.some((file) => touches(file, candidate) || touches(candidate, file))) continue;
      left.delete(candidate);
      kept.push(candidate);
      found = true;
    }
  }
  return others.filter((file) => !left.has(file));
}

/** Whether a Worker binds the other, or fills a queue that the other consumes. */
function touches(file: WranglerFile, other: WranglerFile): boolean {
  if (boundBy(file).some(({ name }) => name === other.name)) return true;
  const produced = new Set(file.config.queues?.producers?.map(({ queue }) => queue));
  return other.config.queues?.consumers?.some(({ queue }) => produced.has(queue)) === true;
}

/** The Workers that a configuration names, each with its place. */
export function boundBy({ config: { services, workflows, durable_objects }, place }: WranglerFile): MissingWorker[] {
  return [
    ...(services ?? []).map(({ service }, i) => ({ name: service ?? "", place: place(["services", i, "service"]) })),
    ...(workflows ?? []).flatMap(({ script_name }, i) =>
      script_name === undefined ? [] : [{ name: script_name, place: place(["workflows", i, "script_name"]) }],
    ),
    ...(durable_objects?.bindings ?? []).flatMap(({ script_name }, i) =>
      script_name === undefined
        ? []
        : [{ name: script_name, place: place(["durable_objects", "bindings", i, "script_name"]) }],
    ),
  ];
}

function missing(files: readonly WranglerFile[]): MissingWorker[] {
  const names = new Set(files.map(({ name }) => name));
  return files.flatMap(boundBy).filter(({ name }) => !names.has(name));
}

function refuseNamesakes(root: string, files: readonly WranglerFile[]): void {
  const seen = new Map<string, WranglerFile>();
  for (const file of files) {
    const first = seen.get(file.name);
    if (first !== undefined) {
      const [one, other] = [first, file].map(({ path }) => relative(root, path));
      throw new UserError(
        `Two Workers are called ${file.name}: ${one} and ${other}. Give each a name of its own, or say with -c which one is meant.`,
      );
    }
    seen.set(file.name, file);
  }
}
