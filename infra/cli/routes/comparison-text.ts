import { printable, printableJson } from "../../../schema/text/printable.ts";
import type { FailedComparator } from "../../../workers/hub/routing/index.ts";
import { count } from "../count-noun.ts";
import { padTo, shorten, widthOf } from "../text-width.ts";
import { type Comparison, type Example, MAX_EXAMPLES, type RouteDifference } from "./compare.ts";

/** The most routes without a difference that are listed; further ones are only counted. */
const MAX_SAME = 20;
const MAX_OPERAND_LENGTH = 60;

/** A comparison for people: one line per route and, below each that differs, examples of the events and of the comparators that failed. */
export function formatComparison({ events, withoutPayload, changed, routes }: Comparison): string {
  const differing = routes.filter(differs);
  const same = routes.filter((route) => !differs(route));
  const width = Math.max(5, ...[...differing, ...same.slice(0, MAX_SAME)].map(({ name }) => widthOf(printable(name))));
  const passedOver = withoutPayload === 0 ? "" : `, ${withoutPayload} more skipped (their payload has been removed)`;
  return [
    `${count(events, "stored event")}${passedOver}: ${changed} would make other dispatches`,
    "",
    `${"route".padEnd(width)}  before     now`,
    ...differing.flatMap((route) => [line(route, width), ...details(route)]),
    ...same.slice(0, MAX_SAME).map((route) => line(route, width)),
    ...(same.length > MAX_SAME ? [`and ${count(same.length - MAX_SAME, "more route")} without a difference`] : []),
  ]
    .map(printable)
    .join("\n");
}

function differs({ gained, lost, destinations: [before, after] }: RouteDifference): boolean {
  return gained.count > 0 || lost.count > 0 || before !== after;
}

function line({ name, matched: [before, after], destinations: [from, to] }: RouteDifference, width: number): string {
  const where =
    from === to ? to : from === undefined ? `${to} (new)` : to === undefined ? `${from} (removed)` : `${from} -> ${to}`;
  return `${padTo(printable(name), width)}  ${String(before).padStart(6)}  ${String(after).padStart(6)}  ${where}`;
}

function details({ gained, lost }: RouteDifference): string[] {
  return [...examples("+", "now too", gained), ...examples("-", "no more", lost)];
}

function examples(sign: string, word: string, side: { count: number; examples: readonly Example[] }): string[] {
  const more = side.count > MAX_EXAMPLES ? [`    ${sign} ... ${side.count - MAX_EXAMPLES} more`] : [];
  return [...side.examples.map(({ eventId, because }) => `    ${sign} ${eventId} ${word}${reason(because)}`), ...more];
}

function reason([first, ...others]: readonly FailedComparator[]): string {
  if (first === undefined) return "";
  const found = first.foundCount === 0 ? "nothing" : first.found.join(", ");
  const not = first.negated ? "not " : "";
  const operand = shorten(printableJson(first.operand), MAX_OPERAND_LENGTH);
  const rest = others.length === 0 ? "" : `, and ${others.length} more`;
  return `: ${not}${first.path} ${first.operator} ${operand}, found ${shorten(printable(found), MAX_OPERAND_LENGTH)}${rest}`;
}
