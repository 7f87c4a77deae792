import type { Quantifier } from "../../../schema/config/conditions.ts";
import type { OperatorName } from "../../../schema/config/operands.ts";
import type { Policy } from "../../../schema/config/policy.ts";
import type { RouteConfig } from "../../../schema/config/routes.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import type { EventOrigin } from "../../../schema/vocabulary/event-origins.ts";
import type { Transforms } from "../../../workflows/transform/read.ts";
import type { EventChecker } from "../events/checker.ts";

/** A route that an event matched, with the configuration's defaults applied. Frozen, and the same object every time. */
export interface MatchedRoute extends Readonly<Omit<Policy, "route" | "flowKey" | "orderKey">> {
  /** The route's name, or its place such as `routes[3]`. */
  readonly name: string;
  readonly delaySeconds: number;
}

/** A comparator that kept an event from a route. */
export interface FailedComparator {
  /** Where the comparator is, such as `routes[2].condition.allOf[0]`. */
  readonly at: string;
  readonly path: string;
  readonly operator: OperatorName;
  /** As configured. */
  readonly operand: unknown;
  readonly ignoreCase: boolean;
  readonly quantifier: Quantifier;
  /** True if the comparator held but stands under a `not`. */
  readonly negated: boolean;
  /** The values that the path found, as JSON, in document order: the first 10, each cut to 200 characters. */
  readonly found: readonly string[];
  /** How many values the path found. */
  readonly foundCount: number;
}

/** What one route says of one event. */
export interface RouteExplanation {
  /** The route's name, or its place such as `routes[3]`. */
  readonly name: string;
  readonly destination: string;
  readonly enabled: boolean;
  readonly matched: boolean;
  /** Whose events the route takes, if this event is not one of those. */
  readonly from?: EventOrigin;
  /** Every comparator that kept the event from this route; empty if it matched, or is not enabled. */
  readonly failed: readonly FailedComparator[];
  /** The keys by which the destination of a route that matched limits and orders, where its configuration has such; empty is the shared key. */
  readonly keys?: { readonly limits?: string; readonly order?: string };
  /** What the transform of a route that matched makes of the payload, or why it cannot; from {@link explainDelivery} only. */
  readonly transformed?: { readonly payload: EventPayload } | { readonly fault: string };
}

/** A configuration, compiled. */
export interface CompiledRoutes {
  readonly config: RouteConfig;
  /** By the names of their routes. */
  readonly transforms: Transforms;
  /** Of the `events` that the configuration defines, if it does. */
  readonly events: EventChecker | undefined;
  /**
   * The enabled routes that the payload matches, in the order of the configuration. Never throws.
   * @param origin where the event comes from; default by its `kind`, of which those with `eventhub.` are the hub's own
   */
  match(payload: EventPayload, origin?: EventOrigin): readonly MatchedRoute[];
  /** What a route lays down for the dispatch that it makes of the payload, with the keys that its destination's limits and order go by. */
  policyOf(route: MatchedRoute, payload: EventPayload): Policy;
  /** What every route says of the payload, in the order of the configuration; `origin` as of `match`; {@link explainDelivery} runs the transforms, too. */
  explain(payload: EventPayload, origin?: EventOrigin): RouteExplanation[];
}
