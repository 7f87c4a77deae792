import { type SQL, sql } from "drizzle-orm";
import type { Policy } from "../../config/policy.ts";

/** The columns of `dispatches` that store a policy. A column added here goes into every statement that makes or claims dispatches. */
const COLUMNS = {
  destination: { name: "destination", type: "text" },
  route: { name: "route", type: "text" },
  maxRetries: { name: "max_retries", type: "int" },
  retryDelay: { name: "retry_delay", type: "jsonb" },
  timeoutSeconds: { name: "timeout_seconds", type: "int" },
  transformed: { name: "transformed", type: "boolean" },
  flowKey: { name: "flow_key", type: "text" },
  orderKey: { name: "order_key", type: "text" },
} as const satisfies Record<keyof Policy, { name: string; type: string }>;

const MEMBERS = Object.keys(COLUMNS) as (keyof Policy)[];

/** A policy as a row stores it. */
export type PolicyRow = { [M in keyof Policy as (typeof COLUMNS)[M]["name"]]: Policy[M] };

const columnsOf = (members: readonly (keyof Policy)[]): SQL =>
  sql.raw(members.map((member) => COLUMNS[member].name).join(", "));

/** `destination, route, max_retries, ...`: the columns to insert into. */
export const policyColumns = columnsOf(MEMBERS);

/** The parts of a dispatch's policy that an operator may change for its retry. */
export type PolicyOverrides = Partial<Pick<Policy, "maxRetries" | "timeoutSeconds">>;

/** `d.destination, d.route, ...` of the table or common table `d`, with the given values in place of its own. */
export function policyOf(d: string, overrides: PolicyOverrides = {}): SQL {
  const values = MEMBERS.map((member) => {
    const { name, type } = COLUMNS[member];
    const override = (overrides as Partial<Policy>)[member];
    return override === undefined ? sql.raw(`${d}.${name}`) : sql`${override}::${sql.raw(type)}`;
  });
  return sql.join(values, sql`, `);
}

const recordOf = (members: readonly (keyof Policy)[]): SQL =>
  sql.raw(members.map((member) => `${COLUMNS[member].name} ${COLUMNS[member].type}`).join(", "));

/** `destination text, route text, ...`: the columns of a recordset of {@link policyRow}s. */
export const policyRecord = recordOf(MEMBERS);

/** The policy of a row `d` as an object with the members of {@link Policy}. */
export const policyObject = (d: string) =>
  sql.raw(`json_build_object(${MEMBERS.map((member) => `'${member}', ${d}.${COLUMNS[member].name}`).join(", ")})`);

const rowOf = (members: readonly (keyof Policy)[], policy: Policy) =>
  Object.fromEntries(members.map((member) => [COLUMNS[member].name, policy[member]])) as PolicyRow;

/** A policy with the names of its columns, for a JSON parameter. */
export const policyRow = (policy: Policy): PolicyRow => rowOf(MEMBERS, policy);

/** The parts of a statement that inserts policies, for some of their columns. */
export interface PolicyFragments {
  columns: SQL;
  values(d: string): SQL;
  record: SQL;
  row(policy: Policy): Partial<PolicyRow>;
}

const fragmentsOf = (members: readonly (keyof Policy)[]): PolicyFragments => ({
  columns: columnsOf(members),
  values: (d) => sql.raw(members.map((member) => `${d}.${COLUMNS[member].name}`).join(", ")),
  record: recordOf(members),
  row: (policy) => rowOf(members, policy),
});

/** For dispatches some of which have limits or an order. */
export const flowPolicy = fragmentsOf(MEMBERS);

/** For dispatches without limits and order. Emit runs its statement so often that each further column shows in the measurements. */
export const plainPolicy = fragmentsOf(MEMBERS.filter((member) => member !== "flowKey" && member !== "orderKey"));
