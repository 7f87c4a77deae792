import type { Comparator, Condition } from "../../schema/config/conditions.ts";
import { at, type Place, placeName, type RouteConfigFault, show } from "../../schema/config/faults.ts";
import type { OperatorName } from "../../schema/config/operands.ts";
import type { RouteConfig } from "../../schema/config/routes.ts";
import type { EventChecker } from "../../workers/hub/events/checker.ts";
import { asksForKind, holdsForKind, routesOfKind } from "../../workers/hub/events/routes-of-kind.ts";
import { operatorOf } from "../../workers/hub/routing/operators/operators.ts";
import { didYouMean } from "./nearest.ts";
import { domainText, isSatisfiable } from "./satisfiable.ts";
import { ANY, type Domain, SchemaWalk } from "./schema-walk.ts";

/** The most paths of one kind that are searched for a similar one. */
const MAX_PATHS = 2_000;

/** The most kinds that a warning names. */
const MAX_NAMED = 3;

/** What is odd about routes, according to the definition of the events: warnings with their places, like faults. */
export function checkRoutes(config: RouteConfig, events: EventChecker): RouteConfigFault[] {
  const check = new RouteCheck(events);
  for (const [index, { condition, enabled, from }] of config.routes.entries()) {
    if (enabled && from !== "hub" && condition !== undefined) {
      check.visit(condition, at(at(at(undefined, "routes"), index), "condition"), check.possible);
    }
  }
  check.keys(config);
  for (const kind of events.kinds.keys()) {
    if (routesOfKind(config, events.member, kind).length === 0)
      check.warn(at(at(undefined, "events"), kind), "no route takes it");
  }
  return check.warnings;
}

/** Operators whose operand starts like the texts that it accepts, so that it shows whether the hub's own kinds are meant. */
const BEGINS_ALIKE: Readonly<Record<OperatorName, boolean>> = {
  exact: false, // reported on its own, as `in` is
  equalsIgnoreCase: true,
  in: false,
  anythingBut: false,
  prefix: true,
  suffix: false,
  contains: false,
  wildcard: true,
  match: true,
  exists: false,
  lt: false,
  lte: false,
  gt: false,
  gte: false,
  between: false,
  length: false,
  cidr: false,
};

/** Stands for undefined kinds, if the definition does not check those: they may be anything. */
const OTHERS = "\0others";

class RouteCheck {
  /** The kinds that an event can have. */
  readonly possible: readonly string[];
  readonly warnings: RouteConfigFault[] = [];
  readonly #events: EventChecker;
  readonly #walks = new Map<string, SchemaWalk>();

  constructor(events: EventChecker) {
    this.#events = events;
    this.possible = [...events.kinds.keys(), ...(events.unknown === "off" ? [OTHERS] : [])];
    for (const [kind, known] of events.kinds) this.#walks.set(kind, new SchemaWalk(known.jsonSchema() ?? true));
  }

  warn(place: Place, message: string): void {
    this.warnings.push({ path: placeName(place), message });
  }

  /** Checks a condition, for events of these kinds. */
  visit(condition: Condition, place: Place, kinds: readonly string[]): void {
    if ("not" in condition) this.visit(condition.not, at(place, "not"), kinds);
    else if ("allOf" in condition) {
      // The conditions beside it limit the kinds that an event can have here.
      const left = kinds.filter((kind) => holdsForKind(condition, this.#events.member, kind) !== false);
      for (const [index, part] of condition.allOf.entries()) this.visit(part, at(at(place, "allOf"), index), left);
    } else if ("anyOf" in condition) {
      for (const [index, part] of condition.anyOf.entries()) this.visit(part, at(at(place, "anyOf"), index), kinds);
    } else if (asksForKind(condition, this.#events.member)) this.#kind(condition, place);
    else this.#comparator(condition, place, kinds);
  }

  /** Checks which kind is meant. */
  #kind(comparator: Comparator, place: Place): void {
    const known = [...this.#events.kinds.keys()];
    const operator = operatorOf(comparator);
    const here = at(place, operator);
    const named = comparator.exact !== undefined ? [comparator.exact] : (comparator.in ?? []);
    for (const [index, kind] of named.entries()) {
      if (typeof kind !== "string" || known.includes(kind) || kind.startsWith("eventhub.")) continue;
      const suggestion = didYouMean(kind, known);
      this.warn(comparator.in === undefined ? here : at(here, index), `no kind ${show(kind)} is defined${suggestion}`);
    }
    const text = BEGINS_ALIKE[operator] ? comparator[operator] : undefined;
    if (typeof text !== "string" || "eventhub.".startsWith(text.slice(0, 9))) return;
    const holds = known.some((kind) =>
      holdsForKind({ ...comparator, quantifier: "any" } as Comparator, this.#events.member, kind),
    );
    if (!holds) this.warn(here, `no defined kind satisfies ${operator} ${show(text)}`);
  }

  #comparator(comparator: Comparator, place: Place, kinds: readonly string[]): void {
    if (kinds.length === 0) return; // the kinds themselves have already been reported
    const domains = this.#domains(comparator.path, kinds);
    if (domains.length === 0) {
      this.#noPath(comparator.path, at(place, "path"), kinds);
      return;
    }
    if (domains.some(([, domain]) => isSatisfiable(comparator, domain))) return;
    const operator = operatorOf(comparator);
    const [first] = domains;
    const what = first === undefined ? "" : `: ${comparator.path} ${domainText(first[1])} in ${show(first[0])}`;
    this.warn(at(place, operator), `${operator} ${shownOperand(comparator[operator])} never holds${what}`);
  }

  #noPath(path: string, place: Place, kinds: readonly string[]): void {
    const paths = kinds.flatMap((kind) => this.#walks.get(kind)?.paths(MAX_PATHS) ?? []);
    this.warn(place, `no event ${kindsText(kinds)} has ${path}${didYouMean(path, paths)}`);
  }

  #domains(path: string, kinds: readonly string[]): [string, Domain][] {
    return kinds.flatMap((kind) => {
      const domain = kind === OTHERS ? ANY : this.#walks.get(kind)?.at(path);
      return domain === undefined ? [] : [[kind, domain] as [string, Domain]];
    });
  }

  /** The keys of limits and orders must exist in something that comes to the destination. */
  keys(config: RouteConfig): void {
    for (const [name, destination] of Object.entries(config.destinations)) {
      const here = at(at(undefined, "destinations"), name);
      const { limits = [], order } = destination as { limits?: readonly { key?: string }[]; order?: { key: string } };
      const kinds = [...this.#events.kinds.keys()].filter((kind) =>
        routesOfKind(config, this.#events.member, kind).some((index) => config.routes[index]?.destination === name),
      );
      const written = [
        ...limits.map(({ key }, index) => [key, at(at(at(here, "limits"), index), "key")] as const),
        [order?.key, at(at(here, "order"), "key")] as const,
      ];
      for (const [key, place] of written) {
        if (key === undefined || kinds.length === 0 || this.#domains(key, kinds).length > 0) continue;
        this.#noPath(key, place, kinds);
      }
    }
  }
}

const shownOperand = (operand: unknown) =>
  typeof operand === "object" && operand !== null ? JSON.stringify(operand).slice(0, 60) : show(operand);

function kindsText(kinds: readonly string[]): string {
  const named = kinds.slice(0, MAX_NAMED).map((kind) => show(kind));
  const more = kinds.length - named.length;
  return `of kind ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
