import { randomUUID } from "node:crypto";
import type { SQL } from "drizzle-orm";
import type { Database } from "../../schema/database/connection.ts";
import { type ClaimedRow, claimDispatches } from "../../schema/queries/dispatches/claim-dispatches.ts";

/** The instance that claims, and the generation of the dispatches. */
export interface ClaimOptions {
  /** Default "one". */
  instanceId?: string;
  /** Default 0. */
  generation?: number;
  /** Default: a new one. */
  token?: string;
  /** Default 100. */
  leaseSeconds?: number;
}

/** The statement in which an instance of DISPATCH claims dispatches. */
export function claimOf(
  ids: readonly string[],
  { instanceId = "one", generation = 0, token = randomUUID(), leaseSeconds = 100 }: ClaimOptions = {},
): SQL<ClaimedRow> {
  const members = ids.map((id) => ({ id, generation }));
  return claimDispatches({ members, instanceId, workflow: "DISPATCH", token, leaseSeconds });
}

/** Claims dispatches as an instance of DISPATCH does. Returns the token, the answer for each dispatch, and that of the first. */
export async function claim(
  database: Database,
  ids: string | readonly string[],
  { token = randomUUID(), ...options }: ClaimOptions = {},
): Promise<{
  token: string;
  rows: ClaimedRow[];
  row: ClaimedRow | undefined;
  answer: ClaimedRow["answer"] | undefined;
}> {
  const rows = await database.run(claimOf([ids].flat(), { token, ...options }));
  return { token, rows, row: rows[0], answer: rows[0]?.answer };
}
