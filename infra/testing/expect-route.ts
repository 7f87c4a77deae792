import type { EventPayload } from "../../schema/contract/index.ts";
import { encodePayload } from "../../schema/payload/encode.ts";
import type { CompiledRoutes, RouteExplanation } from "../../workers/hub/routing/index.ts";
import { explainText } from "../cli/routes/explain-text.ts";
import { type Routing, routesOf } from "./routing.ts";

/** The most characters of a payload in an error. */
const MAX_SHOWN_LENGTH = 200;

/** An expectation of a test failed. Test runners know errors of this name. */
class AssertionError extends Error {
  override readonly name = "AssertionError";
  readonly actual: unknown;
  readonly expected: unknown;

  constructor(message: string, { actual, expected }: { actual?: unknown; expected?: unknown } = {}) {
    super(message);
    this.actual = actual;
    this.expected = expected;
  }
}

/** What you can expect of an event's routes. */
export interface RouteExpectation {
  /**
   * Some route leads the event to this destination.
   * @throws AssertionError that says why none does
   */
  toReach(destination: string): void;
  /**
   * Routes lead the event to these destinations, in any order, and to no others; `[]` means to none.
   * @throws AssertionError
   */
  toReachOnly(destinations: readonly string[]): void;
  readonly not: {
    /**
     * No route leads the event to this destination, although routes for other events do.
     * @throws AssertionError that says which route does
     */
    toReach(destination: string): void;
  };
}

/**
 * Checks where a route configuration sends an event. Needs no test runner.
 *
 * @example
 * ```ts
 * expectRoute(routing, { kind: "order.paid", total: 12 }).toReach("BILLING");
 * ```
 * @throws RouteConfigError for a faulty configuration
 * @throws EmitError for a payload that the hub would refuse
 */
export function expectRoute(routing: Routing, payload: object): RouteExpectation {
  const routes = routesOf(routing);
  const event = encodePayload(payload, "event").payload;
  const explained = routes.explain(event);
  const to = (destination: string) => explained.filter((route) => route.destination === destination);
  const reached = [...new Set(explained.filter(({ matched }) => matched).map(({ destination }) => destination))];
  return {
    toReach: (destination) => {
      if (reached.includes(destination)) return;
      const why = to(destination).length === 0 ? nobodyText(routes, destination) : explainText(to(destination));
      throw new AssertionError(`${shown(event)} does not reach ${destination}:\n${why}`);
    },
    toReachOnly: (destinations) => {
      const wanted = [...new Set(destinations)];
      const missing = wanted.filter((destination) => !reached.includes(destination));
      const unwanted = reached.filter((destination) => !wanted.includes(destination));
      if (missing.length + unwanted.length === 0) return;
      const message = [
        `${shown(event)} reaches ${listed(reached)}, expected ${listed(wanted)}:`,
        ...missing.map((destination) =>
          to(destination).length === 0 ? nobodyText(routes, destination) : explainText(to(destination)),
        ),
        ...unwanted.map((destination) => explainText(matchedOf(to(destination)))),
      ].join("\n");
      throw new AssertionError(message, { actual: reached.sort(), expected: wanted.sort() });
    },
    not: {
      toReach: (destination) => {
        // If nothing leads to a name, it is misspelt, and the expectation would never fail.
        if (to(destination).length === 0) throw new AssertionError(nobodyText(routes, destination));
        if (!reached.includes(destination)) return;
        const which = explainText(matchedOf(to(destination)));
        throw new AssertionError(`${shown(event)} reaches ${destination}:\n${which}`);
      },
    },
  };
}

const matchedOf = (routes: RouteExplanation[]) => routes.filter(({ matched }) => matched);

const listed = (names: readonly string[]) => (names.length === 0 ? "nobody" : names.join(", "));

function nobodyText({ config }: CompiledRoutes, destination: string): string {
  const known = [...new Set(config.routes.map((route) => route.destination))];
  return `no route leads to ${destination}; they lead to ${listed(known)}`;
}

function shown(payload: EventPayload): string {
  const json = JSON.stringify(payload);
  return json.length <= MAX_SHOWN_LENGTH ? json : `${json.slice(0, MAX_SHOWN_LENGTH)}...`;
}
