import { at, Faults, RouteConfigError } from "../../../schema/config/faults.ts";
import { type Route, type RouteConfig, readRouteConfig } from "../../../schema/config/routes.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import { type EventOrigin, originOf } from "../../../schema/vocabulary/event-origins.ts";
import { readTransforms } from "../../../workflows/transform/read-transforms.ts";
import { configuredEvents } from "../events/checker-of-configuration.ts";
import { Facts } from "./event-facts.ts";
import { Explainer } from "./explain.ts";
import { toExpression } from "./expression.ts";
import { flowKeysOf, namedKeys } from "./flow-keys.ts";
import { buildIndex } from "./lookup/build-index.ts";
import { Matcher } from "./matcher.ts";
import { Predicates } from "./predicates.ts";
import type { CompiledRoutes, MatchedRoute, RouteExplanation } from "./types.ts";

/**
 * Reads and compiles a configuration. Does not keep `input`.
 *
 * @throws RouteConfigError with every fault of structure, path, pattern and transform.
 */
export function compileRoutes(input: unknown): CompiledRoutes {
  const faults = new Faults();
  const predicates = new Predicates();
  const config = readRouteConfig(input, faults, (comparator, place) => {
    for (const fault of predicates.add(comparator, place)) faults.add(fault.place, fault.message);
  });
  const flowKeys = flowKeysOf(config ?? { destinations: {} }, faults);
  const events = configuredEvents(config ?? {}, faults);
  const transforms = readTransforms(config ?? { routes: [] }, faults);
  if (config === undefined || faults.list.length > 0) throw new RouteConfigError(faults.list);
  const routes = config.routes.map((route, index) => matchedRoute(config, route, index));
  const candidates = config.routes.flatMap((route, index) => {
    return route.enabled ? [{ route: index, expression: toExpression(route.condition, predicates) }] : [];
  });
  const choosy = config.routes.some(({ from }) => from !== undefined);
  const facts = new Facts(predicates.pathCount);
  const matcher = new Matcher(buildIndex(candidates), routes.length, facts);
  return {
    config,
    transforms,
    events,
    match: (payload, origin) => {
      const found = matcher.match(payload);
      const admitted = choosy ? found.filter((index) => admits(config.routes[index], payload, origin)) : found;
      return admitted.map((index) => routes[index] as MatchedRoute);
    },
    policyOf: ({ name, delaySeconds, ...policy }, payload) => ({
      route: name,
      ...policy,
      ...flowKeys(policy.destination, payload),
    }),
    explain: (payload, origin) =>
      explain(config, routes, new Explainer(predicates, facts), facts, payload, origin).map((explanation) => {
        const { destination, matched } = explanation;
        const keys = matched ? namedKeys(config.destinations[destination], flowKeys(destination, payload)) : undefined;
        return keys === undefined ? explanation : { ...explanation, keys };
      }),
  };
}

function explain(
  config: RouteConfig,
  routes: readonly MatchedRoute[],
  explainer: Explainer,
  facts: Facts,
  payload: EventPayload,
  origin: EventOrigin | undefined,
): RouteExplanation[] {
  facts.start(payload);
  return config.routes.map((route, index) => {
    const { name, destination } = routes[index] ?? { name: "", destination: route.destination };
    const place = at(at(undefined, "routes"), index);
    const outcome = route.enabled ? explainer.explain(route, place) : { matched: false, failed: [] };
    const explanation = { name, destination, enabled: route.enabled, ...outcome };
    if (route.from === undefined || admits(route, payload, origin)) return explanation;
    return { ...explanation, matched: false, from: route.from };
  });
}

/** Whether a route takes events of this origin. */
const admits = (route: Route | undefined, payload: EventPayload, origin: EventOrigin = originOf(payload)): boolean =>
  route?.from === undefined || route.from === origin;

function matchedRoute(config: RouteConfig, route: Route, index: number): MatchedRoute {
  return Object.freeze({
    name: route.name ?? `routes[${index}]`,
    destination: route.destination,
    delaySeconds: route.delaySeconds ?? config.defaultDelaySeconds,
    maxRetries: route.maxRetries ?? config.defaultMaxRetries,
    retryDelay: Object.freeze({ ...(route.retryDelay ?? config.defaultRetryDelay) }),
    timeoutSeconds: route.timeoutSeconds ?? config.defaultTimeoutSeconds,
    transformed: route.transform !== undefined,
  });
}
