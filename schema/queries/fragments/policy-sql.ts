import { type SQL, sql } from "drizzle-orm";
import { POLICY, POLICY_MEMBERS, type Policy, type PolicyRow, policyRow } from "../../config/policy.ts";

const columnsOf = (members: readonly (keyof Policy)[]): SQL =>
  sql.raw(members.map((member) => POLICY[member].name).join(", "));

/** `destination, route, max_retries, ...`: the columns to insert into. */
export const policyColumns = columnsOf(POLICY_MEMBERS);

/** The parts of a dispatch's policy that an operator may change for its retry. */
export type PolicyOverrides = Partial<Pick<Policy, "maxRetries" | "timeoutSeconds">>;

/** `d.destination, d.route, ...` of the table or common table `d`, with the given values in place of its own. */
export function policyOf(d: string, overrides: PolicyOverrides = {}): SQL {
  const values = POLICY_MEMBERS.map((member) => {
    const { name, type } = POLICY[member];
    const override = (overrides as Partial<Policy>)[member];
    return override === undefined ? sql.raw(`${d}.${name}`) : sql`${override}::${sql.raw(type)}`;
  });
  return sql.join(values, sql`, `);
}

const recordOf = (members: readonly (keyof Policy)[]): SQL =>
  sql.raw(members.map((member) => `${POLICY[member].name} ${POLICY[member].type}`).join(", "));

/** `destination text, route text, ...`: the columns of a recordset of {@link policyRow}s. */
export const policyRecord = recordOf(POLICY_MEMBERS);

/** The policy of a row `d` as an object with the members of {@link Policy}. */
export const policyObject = (d: string) =>
  sql.raw(
    `json_build_object(${POLICY_MEMBERS.map((member) => `'${member}', ${d}.${POLICY[member].name}`).join(", ")})`,
  );

/** The parts of a statement that inserts policies, for some of their columns. */
export interface PolicyFragments {
  columns: SQL;
  values(d: string): SQL;
  record: SQL;
  row(policy: Policy): Partial<PolicyRow>;
}

const fragmentsOf = (members: readonly (keyof Policy)[]): PolicyFragments => ({
  columns: columnsOf(members),
  values: (d) => sql.raw(members.map((member) => `${d}.${POLICY[member].name}`).join(", ")),
  record: recordOf(members),
  row: (policy) => policyRow(policy, members),
});

/** For dispatches some of which have limits or an order. */
export const flowPolicy = fragmentsOf(POLICY_MEMBERS);

/** For dispatches without limits and order. Emit runs its statement so often that each further column shows in the measurements. */
export const plainPolicy = fragmentsOf(POLICY_MEMBERS.filter((member) => !("flow" in POLICY[member])));
