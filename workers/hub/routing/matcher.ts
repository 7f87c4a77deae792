import type { EventPayload } from "../../../schema/contract/index.ts";
import type { Facts } from "./event-facts.ts";
import { evaluate, FALSE } from "./expression.ts";
import type { Candidate, Group, Node } from "./lookup/build-index.ts";

/** Walks an index with one event after another. */
export class Matcher {
  readonly #root: Node;
  readonly #facts: Facts;
  /** The number of the last event that each route matched. Alternatives may lead to the same route several times. */
  readonly #matched: Float64Array;
  #payload: EventPayload = {};
  #event = 0;
  #routes: number[] = [];
  readonly #visitNode = (node: Node) => this.#visit(node);
  readonly #visitGroup = (group: Group) => this.#enter(group);

  constructor(root: Node, routes: number, facts: Facts) {
    this.#root = root;
    this.#facts = facts;
    this.#matched = new Float64Array(routes);
  }

  /** The numbers of the matching routes, ascending. */
  match(payload: EventPayload): readonly number[] {
    const routes: number[] = [];
    this.#routes = routes;
    this.#event = this.#facts.start(payload);
    this.#payload = payload;
    this.#visit(this.#root);
    return routes.length > 1 ? routes.sort((one, other) => one - other) : routes;
  }

  #visit(node: Node): void {
    if (node.event === this.#event) return;
    node.event = this.#event;
    this.#try(node.first);
    for (const candidate of node.others) this.#try(candidate);
    if (node.trail !== undefined) node.trail.find(this.#payload, this.#visitGroup);
    else for (const group of node.groups) this.#enter(group);
  }

  #enter(group: Group): void {
    // A trail with a wildcard comes here once for each element.
    if (group.event === this.#event) return;
    group.event = this.#event;
    const { path, lookups } = group;
    if (path.singular) {
      const value = this.#facts.one(path);
      if (value !== undefined) for (const lookup of lookups) lookup.find(value, this.#visitNode);
    } else {
      for (const value of this.#facts.all(path)) for (const lookup of lookups) lookup.find(value, this.#visitNode);
    }
  }

  #try({ route, expression }: Candidate): void {
    if (expression === FALSE || this.#matched[route] === this.#event || !evaluate(expression, this.#facts)) return;
    this.#matched[route] = this.#event;
    this.#routes.push(route);
  }
}
