import type { FlowRules } from "../../schema/config/destinations/flow.ts";
import type { Database } from "../../schema/database/connection.ts";
import { type ExecutionRecord, recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import {
  coolDown,
  giveBack,
  lockFlow,
  readTaken,
  settleFlow,
  type TakeArguments,
  type Taken,
  type TakenRow,
  take,
} from "../../schema/queries/flow/take.ts";

/** A dispatch whose call the platform refused, and its claim. */
export interface Refused {
  id: string;
  claim: string;
}

/** One transaction: records what has ended, and takes what may be called next. */
export interface Turn {
  destination: string;
  rules: FlowRules;
  instanceId: string;
  landed: readonly ExecutionRecord[];
  refused?: readonly Refused[];
  /** Default: take nothing more. */
  next?: TakeArguments;
}

/**
 * Runs the transaction of a turn. Safe to repeat.
 *
 * @throws DatabaseError
 */
export async function makeTurn(
  database: Database,
  { destination, rules, instanceId, landed, refused = [], next }: Turn,
): Promise<{ taken: Taken | undefined; rows: TakenRow[] }> {
  const ids = [...landed.map(({ dispatchId }) => dispatchId), ...refused.map(({ id }) => id)];
  const claims = [...landed, ...refused].map(({ claim }) => claim);
  const recording =
    ids.length === 0
      ? []
      : [
          lockFlow(destination, ids),
          ...landed.flatMap((record) =>
            record.cooldown === undefined ? [] : [coolDown(destination, record, record.cooldown)],
          ),
          ...(landed.length === 0 ? [] : [recordExecutions(landed, instanceId)]),
          ...refused.map(({ id, claim }) => giveBack(id, claim)),
          settleFlow(destination, ids, claims, rules),
        ];
  const taking = next === undefined ? [] : [take(next), readTaken(next.token)];
  const answers = (await database.transaction([...recording, ...taking])) as unknown[][];
  if (next === undefined) return { taken: undefined, rows: [] };
  const [taken, rows] = answers.slice(-2) as [{ taken: Taken }[], TakenRow[]];
  return { taken: taken[0]?.taken, rows };
}

/** Results that could not be recorded when they arrived. */
export interface Late {
  destination: string;
  rules: FlowRules;
  instanceId: string;
  workflow: string;
  records: readonly ExecutionRecord[];
}

/**
 * Records results that could not be recorded at once, and gives back dispatches whose claim was never answered. Safe to repeat.
 *
 * @throws DatabaseError
 */
export async function recordLate(database: Database, { workflow, records, ...turn }: Late): Promise<void> {
  const nothing = { token: crypto.randomUUID(), underWay: 0, begins: true, room: 0, budgetSeconds: 0 };
  await makeTurn(database, {
    ...turn,
    landed: records,
    next: { ...turn, ...nothing, workflow },
  });
}
