import { printable } from "../../../schema/text/printable.ts";
import type { EventOrigin } from "../../../schema/vocabulary/event-origins.ts";
import type { FailedComparator, RouteExplanation } from "../../../workers/hub/routing/index.ts";

/** How every route decides about an event, for people: one line per route, and under it one line for each comparator that failed. */
export function explainText(routes: readonly RouteExplanation[]): string {
  const matched = routes.filter((route) => route.matched).length;
  // Names, operands and found values are other people's texts. Each stays on one line here.
  return [...routes.flatMap(routeLines), `${matched} of ${routes.length} routes match`].map(printable).join("\n");
}

function routeLines({
  name,
  destination,
  enabled,
  matched,
  failed,
  from,
  keys,
  transformed,
}: RouteExplanation): string[] {
  const verdict = matched ? "match   " : enabled ? "no match" : "disabled";
  return [
    `${verdict}  ${name} -> ${destination}`,
    ...(from === undefined ? [] : [`            ${originText(from)}`]),
    ...failed.map((comparator) => `            ${comparatorText(comparator)}`),
    ...(keys?.limits === undefined ? [] : [`            limits: ${keyText(keys.limits)}`]),
    ...(keys?.order === undefined ? [] : [`            order: ${keyText(keys.order)}`]),
    ...(transformed === undefined ? [] : [`            ${transformText(transformed)}`]),
  ];
}

/** Why an event from elsewhere was not taken. */
const originText = (from: EventOrigin) =>
  `from: takes ${from === "hub" ? "the hub's own events" : "what producers emit"} only`;

const keyText = (key: string) =>
  key === "" ? "the shared key, since its own is missing, null or empty" : `key ${JSON.stringify(key)}`;

function transformText(transformed: NonNullable<RouteExplanation["transformed"]>): string {
  return "fault" in transformed
    ? `misconfigured: ${transformed.fault}`
    : `delivers ${JSON.stringify(transformed.payload)}`;
}

function comparatorText({
  at,
  path,
  operator,
  operand,
  ignoreCase,
  quantifier,
  negated,
  found,
  foundCount,
}: FailedComparator): string {
  const rule = [
    path,
    operator,
    JSON.stringify(operand),
    ignoreCase ? "ignoring case" : "",
    quantifier === "any" ? "" : `(${quantifier})`,
  ];
  const more = foundCount > found.length ? ` and ${foundCount - found.length} more` : "";
  const values = foundCount === 0 ? "nothing" : `${found.join(", ")}${more}`;
  return `${at}: ${negated ? "not " : ""}${rule.filter((part) => part !== "").join(" ")}: found ${values}`;
}
