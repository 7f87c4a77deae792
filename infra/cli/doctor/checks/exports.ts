import { existsSync } from "node:fs";
import { relative } from "node:path";
import { ALARM_CLASS } from "../../../../schema/vocabulary/deployment.ts";
import { type Exports, exportsOf } from "../../../project/exports.ts";
import { type Project, workersOf } from "../../../project/project.ts";
import { sourceOf } from "../../../project/read-source.ts";
import type { WranglerFile } from "../../../project/wrangler-file.ts";
import { type Finding, fault } from "../finding.ts";

/** Something that a configuration requires from a Worker's main module. */
interface Wanted {
  worker: string;
  name: string;
  place: string;
}

/** Whether main modules exist, and export the classes that bindings name. */
export function checkExports(project: Project): Finding[] {
  const workers = workersOf(project);
  const byName = new Map(workers.map((file) => [file.name, file]));
  const wanted = [...workers.flatMap(wantedBy), ...wantedOfHub(project)];
  const seen = new Set<string>();
  return [
    ...workers.flatMap(checkMain),
    ...wanted.flatMap(({ worker, name, place }) => {
      const target = byName.get(worker);
      const exported = target && exportsFound(target);
      if (target === undefined || exported === undefined || exported.open || exported.names.has(name)) return [];
      if (seen.has(`${worker} ${name}`)) return [];
      seen.add(`${worker} ${name}`);
      const main = relative(project.root, target.main ?? "");
      return [fault(place, `${name === "default" ? "a default" : name} is not exported by ${main}`, advice(name))];
    }),
  ];
}

const advice = (name: string) =>
  name === "Dispatch"
    ? "export class Dispatch extends DispatchWorkflow there"
    : name === "Operator" || name === ALARM_CLASS
      ? `export class ${name} extends the package's ${name} there`
      : "export it there, or correct the name";

function wantedBy({ name, config, place }: WranglerFile): Wanted[] {
  return [
    ...(config.workflows ?? []).map(({ class_name, script_name }, index) => ({
      worker: script_name ?? name,
      name: class_name ?? "",
      place: place(["workflows", index, "class_name"]),
    })),
    ...(config.durable_objects?.bindings ?? []).map(({ class_name, script_name }, index) => ({
      worker: script_name ?? name,
      name: class_name ?? "",
      place: place(["durable_objects", "bindings", index, "class_name"]),
    })),
    ...(config.services ?? []).map(({ service, entrypoint }, index) => ({
      worker: service ?? "",
      name: entrypoint ?? "default",
      place: place(["services", index, entrypoint === undefined ? "service" : "entrypoint"]),
    })),
  ];
}

/** What a hub must export, whoever binds it. */
function wantedOfHub({ hub, executor }: Project): Wanted[] {
  return [
    ...(hub === undefined
      ? []
      : ["default", "Operator"].map((name) => ({ worker: hub.name, name, place: hub.place(["main"]) }))),
    ...(executor === undefined ? [] : [{ worker: executor.name, name: "default", place: executor.place(["main"]) }]),
  ];
}

/** A main module that a build makes may not exist yet. */
function checkMain({ main, config, place }: WranglerFile): Finding[] {
  if (main === undefined || existsSync(main) || config.build?.command !== undefined) return [];
  const installed = main.includes("node_modules");
  return [
    fault(place(["main"]), `${config.main} does not exist`, installed ? "install the packages" : "correct the path"),
  ];
}

function exportsFound(file: WranglerFile): Exports | undefined {
  const isCode = file.main !== undefined && /\.[cm]?[jt]sx?$/.test(file.main) && existsSync(file.main);
  return isCode ? exportsOf(sourceOf(file)) : undefined;
}
