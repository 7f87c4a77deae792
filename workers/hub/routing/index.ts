/**
 * The routing language: {@link compileRoutes} reads a configuration once, and `match` finds an event's routes.
 *
 * @example
 * ```ts
 * import { compileRoutes } from "cf-eventhub-workflows/routing";
 * const routes = compileRoutes({ routes: [{ condition: { path: "$.kind", prefix: "order." }, destination: "ORDERS" }] });
 * routes.match({ kind: "order.paid" }).map((route) => route.destination); // ["ORDERS"]
 * ```
 */

export type {
  Comparator,
  Condition,
  RetryDelay,
  RouteConfig,
  RouteConfigInput,
} from "../../../schema/config/routes.ts";
export { RouteConfigError, type RouteConfigFault } from "../../../schema/config/routes.ts";
export { compileRoutes } from "./compile.ts";
export { explainDelivery } from "./explain-delivery.ts";
export type { CompiledRoutes, FailedComparator, MatchedRoute, RouteExplanation } from "./types.ts";
