import type { RetryDelay } from "./routes.ts";

/** What the columns of a policy hold, by their type in SQL. */
export interface PolicyTypes {
  text: string;
  int: number;
  boolean: boolean;
  jsonb: RetryDelay;
}

interface PolicyColumn {
  /** Its name in the table `dispatches`. */
  readonly name: string;
  readonly type: keyof PolicyTypes;
  /** Whether it may be null. */
  readonly null?: true;
  /** The value in rows that are older than the column. */
  readonly default?: boolean;
  /** Whether only destinations with limits or an order have it: statements for other destinations leave it out. */
  readonly flow?: true;
}

/**
 * What a route and its destination decide for a dispatch: where it goes, and how. Each is a column of `dispatches`. The type, the table, and every
 * statement that makes or claims dispatches derive from this; the compiled routes give the values.
 */
export const POLICY = {
  destination: { name: "destination", type: "text" },
  /** The name of the route. */
  route: { name: "route", type: "text" },
  maxRetries: { name: "max_retries", type: "int" },
  retryDelay: { name: "retry_delay", type: "jsonb" },
  timeoutSeconds: { name: "timeout_seconds", type: "int" },
  /** Whether the route transforms the payload. */
  transformed: { name: "transformed", type: "boolean", default: false },
  /**
   * The key by which the destination's limits count the dispatch. It is empty if the limits have no key, or if the payload has none there (the shared
   * key); null if the destination has neither limits nor an order.
   */
  flowKey: { name: "flow_key", type: "text", null: true, flow: true },
  /** The key within which the destination is called in order: empty for the shared key, null without an order. */
  orderKey: { name: "order_key", type: "text", null: true, flow: true },
} as const satisfies Readonly<Record<string, PolicyColumn>>;

/** The columns of a policy, by the names of its members. */
export type PolicyColumns = typeof POLICY;

/** The policy of a dispatch. */
export type Policy = {
  -readonly [M in keyof PolicyColumns]:
    | PolicyTypes[PolicyColumns[M]["type"]]
    | (PolicyColumns[M] extends { null: true } ? null : never);
};

/** A policy as a row stores it. */
export type PolicyRow = { [M in keyof Policy as PolicyColumns[M]["name"]]: Policy[M] };

/** The members of a policy, in the order of the statements. */
export const POLICY_MEMBERS = Object.keys(POLICY) as (keyof Policy)[];

/** A policy with the names of its columns: all of them, or some. */
export const policyRow = (policy: Policy, members: readonly (keyof Policy)[] = POLICY_MEMBERS): PolicyRow =>
  Object.fromEntries(members.map((member) => [POLICY[member].name, policy[member]])) as PolicyRow;
