import {
  BINDING_LISTS,
  DEFAULT_WORKFLOW,
  DESTINATION_KINDS,
  type Destination,
} from "../../../../schema/config/destinations/index.ts";
import { destinationOf } from "../../../../schema/config/routes.ts";
import { SETTINGS } from "../../../../schema/vocabulary/settings.ts";
import type { Project } from "../../../project/project.ts";
import { type RouteFile, routeFileOf } from "../../../project/route-file.ts";
import type { WranglerConfig, WranglerFile } from "../../../project/wrangler-file.ts";
import { type Finding, fault, note } from "../finding.ts";

/** A binding of the executor, and the list of its configuration that has it. */
interface Bound {
  name: string;
  list: string;
  place: string;
}

/** Whether the executor has a binding for every destination, and a use for every binding. */
export function checkDestinations(project: Project): Finding[] {
  const { executor } = project;
  const routes = routeFileOf(project);
  if (executor === undefined || routes === undefined) return [];
  const bound = bindingsOf(executor);
  const names = new Set([
    ...Object.keys(routes.config.destinations),
    ...routes.config.routes.map((route) => route.destination),
  ]);
  return [
    ...[...names].flatMap((name) => checkOne(name, routes, bound, executor)),
    ...bound
      .filter(({ name }) => !(name in SETTINGS.executor) && !isUsed(name, names, routes))
      .map(({ name, place }) =>
        note(place, `${name} is bound, but no route uses it`, "add a route, or remove the binding"),
      ),
  ];
}

function checkOne(
  name: string,
  routes: RouteFile,
  bound: readonly Bound[],
  { name: executor }: WranglerFile,
): Finding[] {
  const destination = destinationOf(routes.config, name);
  const kind = destination && DESTINATION_KINDS[destination.kind];
  if (destination === undefined || kind === undefined) return [];
  const place = placeOf(name, routes);
  return [
    ...ownWorkflow(destination, bound, place),
    ...(kind.binding === undefined ? [] : checkBinding(name, kind.binding, bound, place, executor)),
  ];
}

function checkBinding(
  name: string,
  { what, wrangler }: { what: string; wrangler: string },
  bound: readonly Bound[],
  place: string,
  executor: string,
): Finding[] {
  const found = bound.find((binding) => binding.name === name);
  if (found === undefined) {
    return [fault(place, `${name} is not bound in ${executor}`, `bind ${what} under this name, in its ${wrangler}`)];
  }
  if (found.list === wrangler) return [];
  return [
    fault(
      found.place,
      `${name} is ${BINDING_LISTS.get(found.list)}, but routing.json says it is ${what}`,
      "correct one of the two",
    ),
  ];
}

function ownWorkflow({ workflow }: Destination, bound: readonly Bound[], place: string): Finding[] {
  const workflows = new Set(bound.filter(({ list }) => list === "workflows").map(({ name }) => name));
  return [workflow ?? []]
    .flat()
    .filter((name) => !workflows.has(name))
    .map((name) =>
      fault(place, `its Workflow ${name} is not bound`, "bind it in the executor's workflows, or leave it out"),
    );
}

/** The place where a destination is declared, or else the first route to it. */
function placeOf(name: string, { file, config }: RouteFile): string {
  if (Object.hasOwn(config.destinations, name)) return file.place(["destinations", name]);
  return file.place(["routes", config.routes.findIndex((route) => route.destination === name), "destination"]);
}

function isUsed(name: string, names: ReadonlySet<string>, { config }: RouteFile): boolean {
  return (
    name === DEFAULT_WORKFLOW ||
    names.has(name) ||
    Object.values(config.destinations).some(({ workflow }) => [workflow].flat().includes(name))
  );
}

function bindingsOf({ config, place }: WranglerFile): Bound[] {
  return [...BINDING_LISTS.keys()].flatMap((list) => {
    const keys = list.split(".");
    const entries = keys.reduce<unknown>((value, key) => (value as WranglerConfig | undefined)?.[key], config) ?? [];
    return (entries as { binding?: string }[]).map(({ binding = "" }, index) => ({
      name: binding,
      list,
      place: place([...keys, index, "binding"]),
    }));
  });
}
