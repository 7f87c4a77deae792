import type { Quantifier } from "../../../schema/config/conditions.ts";
import type { OperatorName } from "../../../schema/config/operands.ts";
import type { Policy } from "../../../schema/config/policy.ts";
import type { RouteConfig } from "../../../schema/config/routes.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import type { EventOrigin } from "../../../schema/vocabulary/event-origins.ts";
import type { Transforms } from "../../../workflows/transform/read-transforms.ts";
import type { EventChecker } from "../events/checker.ts";

/** A route that an event matched, with the configuration's defaults applied. It is frozen, and the same object every time. */
export interface MatchedRoute extends Readonly<Omit<Policy, "route" | "flowKey" | "orderKey">> {
  /** The route's name, or its place such as `routes[3]`. */
  readonly name: string;
  readonly delaySeconds: number;
}

/** A comparator because of which an event does not match a route. */
export interface FailedComparator {
  /** Where the comparator is, such as `routes[2].condition.allOf[0]`. */
  readonly at: string;
  readonly path: string;
  readonly operator: OperatorName;
  /** The operand as configured. */
  readonly operand: unknown;
  readonly ignoreCase: boolean;
  readonly quantifier: Quantifier;
  /** Whether the comparator held but stands under a `not`. */
  readonly negated: boolean;
  /** The values that the path found, as JSON, in document order: the first 10, each cut to 200 characters. */
  readonly found: readonly string[];
  /** How many values the path found. */
  readonly foundCount: number;
}

/** The explanation of one route for one event. */
export interface RouteExplanation {
  /** The route's name, or its place such as `routes[3]`. */
  readonly name: string;
  readonly destination: string;
  readonly enabled: boolean;
  readonly matched: boolean;
  /** Whose events the route takes, if this event is not one of them. */
  readonly from?: EventOrigin;
  /** Every comparator because of which the event does not match. Empty if it matches, or if the route is not enabled. */
  readonly failed: readonly FailedComparator[];
  /** The keys that the limits and the order of a matching route's destination use, if its configuration has any. An empty key is the shared key. */
  readonly keys?: { readonly limits?: string; readonly order?: string };
  /** The result of a matching route's transform, or why it failed; from {@link explainDelivery} only. */
  readonly transformed?: { readonly payload: EventPayload } | { readonly fault: string };
}

/** A configuration, compiled. */
export interface CompiledRoutes {
  readonly config: RouteConfig;
  /** The transforms, by the names of their routes. */
  readonly transforms: Transforms;
  /** The checker of the configuration's `events`, if it defines any. */
  readonly events: EventChecker | undefined;
  /**
   * The enabled routes that the payload matches, in the order of the configuration. Never throws.
   * @param origin Where the event comes from. By default, its `kind` decides: if it starts with `eventhub.`, the event is the hub's own.
   */
  match(payload: EventPayload, origin?: EventOrigin): readonly MatchedRoute[];
  /** The policy that a route gives its dispatch of the payload, with the keys for its destination's limits and order. */
  policyOf(route: MatchedRoute, payload: EventPayload): Policy;
  /**
   * The explanation of every route for the payload, in the order of the configuration. `origin` is as for `match`. {@link explainDelivery} also runs
   * the transforms.
   */
  explain(payload: EventPayload, origin?: EventOrigin): RouteExplanation[];
}
