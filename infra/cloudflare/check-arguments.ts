import { at, cut, Faults, isRecord, type RouteConfigFault, show } from "../../schema/config/faults.ts";
import type { RouteConfigInput } from "../../schema/config/routes.ts";
import { compileRoutes, RouteConfigError } from "../../workers/hub/routing/index.ts";
import { checkRoutes } from "../events/check-routes.ts";
import type { Destinations, EventHubArgs } from "./arguments.ts";
import { checkSchedules } from "./check-schedules.ts";
import {
  checkDatabaseUrl,
  checkGrace,
  checkKeys,
  checkName,
  checkOwnWorkflow,
  checkPreview,
  checkWorkflow,
  isWorkflowCount,
} from "./check-settings.ts";
import { checkConsole } from "./console-arguments.ts";
import { checkBindingNames, checkDeployed, splitDestination } from "./destination-bindings.ts";
import { checkMetrics } from "./metrics-arguments.ts";
import { ownWorkflowBinding, ownWorkflows } from "./names.ts";
import { checkOtlp } from "./otlp-arguments.ts";
import { readEvents } from "./read-events.ts";

const MAX_SHOWN_NAMES = 10;

/** The result of checking the arguments. */
export interface Checked {
  /** The route configuration for the Workers. */
  configuration: RouteConfigInput;
  faults: RouteConfigFault[];
  /** What is odd about the routes, according to the definition of the events. */
  warnings: readonly RouteConfigFault[];
  /** Declared destinations that no enabled route names. */
  unused: string[];
}

/** Makes the Workers' route configuration from an EventHub's arguments, and finds everything that is wrong with them. Never throws. */
export function checkArguments(args: Omit<EventHubArgs<Destinations>, "destinations">, destinations: unknown): Checked {
  const faults = new Faults();
  checkKeys(args, faults);
  if (args.name !== undefined) checkName(args.name, faults);
  checkDatabaseUrl(args.databaseUrl, faults);
  checkSchedules(args.schedules, at(undefined, "schedules"), faults);
  checkGrace(args.reconcileGraceSeconds, faults);
  checkPreview(args.routePreview, faults);
  checkOtlp(args.otlp, faults);
  checkConsole(args.console, faults);
  checkMetrics(args.metrics, faults);
  checkWorkflow(args.workflow, at(undefined, "workflow"), faults);
  const declared = readDestinations(destinations, faults);
  const events = readEvents(args.events, args.settings ?? {}, faults);
  const configuration = {
    ...args.settings,
    ...events,
    destinations: declared,
    routes: args.routes,
  } as RouteConfigInput;
  for (const key of ["destinations", "routes"]) {
    if (Object.hasOwn(args.settings ?? {}, key))
      faults.add(at(at(undefined, "settings"), key), "belongs beside `settings`");
  }
  const routes: unknown[] = Array.isArray(args.routes) ? args.routes : [];
  const used = checkTargets(routes, Object.keys(declared), faults);
  const unused = Object.keys(declared).filter((destination) => !used.has(destination));
  const routing = readRouting(configuration);
  return { configuration, ...routing, faults: [...faults.list, ...routing.faults], unused };
}

/** Finds what is wrong with the routes themselves, as the hub would, and what is odd about them. */
function readRouting(
  configuration: RouteConfigInput,
): Pick<Checked, "warnings"> & { faults: readonly RouteConfigFault[] } {
  try {
    const { config, events } = compileRoutes(configuration);
    return { faults: [], warnings: events === undefined ? [] : checkRoutes(config, events) };
  } catch (error) {
    if (!(error instanceof RouteConfigError)) throw error;
    // Everything but destinations and routes comes from `settings` here.
    const faults = error.faults.map(({ path, message }) => {
      return { path: /^(destinations|routes|events)\b/.test(path) ? path : `settings.${path}`, message };
    });
    return { faults, warnings: [] };
  }
}

function readDestinations(destinations: unknown, faults: Faults): Record<string, unknown> {
  const declared: Record<string, unknown> = {};
  if (!isRecord(destinations)) {
    faults.add(at(undefined, "destinations"), `must be an object of destinations by name, got ${show(destinations)}`);
    return declared;
  }
  checkBindingNames(destinations, faults);
  const workflows = new Map<string, string>();
  for (const [destination, value] of Object.entries(destinations)) {
    const place = at(at(undefined, "destinations"), destination);
    if (!isRecord(value)) {
      faults.add(place, `must be a destination (an object), got ${show(value)}`);
      continue;
    }
    const settings = splitDestination({ kind: "worker", ...value }, place, faults);
    declared[destination] = settings;
    checkDeployed(settings, place, faults);
    if (value.workflow === undefined) continue;
    checkOwnWorkflow(value.workflow, at(place, "workflow"), faults);
    const { count } = isRecord(value.workflow) ? value.workflow : {};
    const own = ownWorkflows(destination, isWorkflowCount(count) ? count : 1).map(ownWorkflowBinding);
    settings.workflow = own.length === 1 ? own[0] : own;
    // It is not guaranteed that names of Workflows are case-sensitive.
    const rival = workflows.get(destination.toLowerCase());
    if (rival !== undefined) {
      faults.add(at(place, "workflow"), `its name would differ from that of ${rival} only by case`);
    }
    workflows.set(destination.toLowerCase(), destination);
  }
  return declared;
}

/** A route to an undeclared destination has no binding. */
function checkTargets(routes: readonly unknown[], declared: readonly string[], faults: Faults): Set<string> {
  const known = new Set(declared);
  const used = new Set<string>();
  const list =
    cut(declared.slice(0, MAX_SHOWN_NAMES).join(", "), 200) + (declared.length > MAX_SHOWN_NAMES ? ", ..." : "");
  for (const [index, route] of routes.entries()) {
    const destination = isRecord(route) ? route.destination : undefined;
    if (typeof destination !== "string") continue; // refused as a route
    if (!known.has(destination)) {
      const place = at(at(at(undefined, "routes"), index), "destination");
      faults.add(place, `is not a declared destination (${list || "there are none"}): ${show(destination)}`);
    }
    if (isRecord(route) && route.enabled !== false) used.add(destination);
  }
  return used;
}
