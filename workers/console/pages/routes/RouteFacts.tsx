import type { Route } from "../../../../schema/config/routes.ts";
import type { JsonValue } from "../../../../schema/contract/index.ts";
import type { RouteHealth } from "../../../../schema/contract/operator.ts";
import { UNHAPPY_STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import { Json } from "../../components/Json.tsx";
import { count, delayWords, many, oneLine, percent } from "../../format/amounts.ts";
import { duration } from "../../format/time.ts";
import { searchQuery } from "../../forms/filters.ts";

/** A route, with the name that its dispatches store. */
export interface NamedRoute {
  name: string;
  route: Route;
}

/** The settings of a route in words, without those that it leaves to the defaults. */
export function settingsOf({ delaySeconds, maxRetries, retryDelay, timeoutSeconds, transform }: Route): string[] {
  return [
    delaySeconds === undefined ? undefined : `after ${duration(delaySeconds * 1_000)}`,
    maxRetries === undefined ? undefined : many(maxRetries, "retry", "retries"),
    retryDelay === undefined ? undefined : delayWords(retryDelay),
    timeoutSeconds === undefined ? undefined : `${timeoutSeconds} s a call`,
    transform === undefined ? undefined : `transform ${oneLine(transform, 120)}`,
  ].filter((text) => text !== undefined);
}

/** The results of the last 24 hours in one line. */
export const HealthLine = ({ health }: { health: RouteHealth }) => {
  const { successRate, results, exact, p50Ms, p95Ms, p99Ms } = health;
  const ms = (value: number | null) => (value === null ? "–" : duration(value));
  return (
    <span class="num">
      {percent(successRate)} of {exact ? "" : "about "}
      {count(results)}, p50 {ms(p50Ms)}, p95 {ms(p95Ms)}, p99 {ms(p99Ms)}
    </span>
  );
};

/** The URL of a route's dispatches that ended without success in a day. */
export const failedPath = (name: string): string =>
  `/dispatches${searchQuery({ route: name, status: [...UNHAPPY_STATUSES], period: "24h", of: "finished" })}`;

/** The condition of a route. */
export const Condition = ({ route: { condition } }: { route: Route }) =>
  condition === undefined ? (
    <p class="dim">It has no condition: every event goes there.</p>
  ) : (
    <Json value={condition as unknown as JsonValue} raw="/routes" />
  );
