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

/** A result, and what it asks for beside its own next attempt. */
export interface Landed {
  record: ExecutionRecord;
  /** Until when nothing of this key, or of the whole destination, is called. */
  cool?: { key: string | undefined; seconds: number };
}

/** A dispatch whose call the platform has refused, and the claim under which it was. */
export interface Refused {
  id: string;
  claim: string;
}

/** What one transaction does: records what has ended, and takes what may be called next. */
export interface Turn {
  destination: string;
  rules: FlowRules;
  instanceId: string;
  landed: readonly Landed[];
  refused?: readonly Refused[];
  /** Left out: nothing more is taken. */
  next?: TakeArguments;
}

/** Makes one transaction of a turn. Safe to repeat. @throws DatabaseError */
export async function makeTurn(
  database: Database,
  { destination, rules, instanceId, landed, refused = [], next }: Turn,
): Promise<{ taken: Taken | undefined; rows: TakenRow[] }> {
  const records = landed.map(({ record }) => record);
  const ids = [...records.map(({ dispatchId }) => dispatchId), ...refused.map(({ id }) => id)];
  const claims = [...records, ...refused].map(({ claim }) => claim);
  const recording =
    ids.length === 0
      ? []
      : [
          lockFlow(destination, ids),
          ...(records.length === 0 ? [] : [recordExecutions(records, instanceId)]),
          ...refused.map(({ id, claim }) => giveBack(id, claim)),
          ...landed.flatMap(({ cool }) => (cool === undefined ? [] : [coolDown(destination, cool.key, cool.seconds)])),
          settleFlow(destination, ids, claims, rules),
        ];
  const taking = next === undefined ? [] : [take(next), readTaken(next.token)];
  const answers = (await database.transaction([...recording, ...taking])) as unknown[][];
  if (next === undefined) return { taken: undefined, rows: [] };
  const [taken, rows] = answers.slice(-2) as [{ taken: Taken }[], TakenRow[]];
  return { taken: taken[0]?.taken, rows };
}

/** Results that could not be recorded when they landed. */
export interface Late {
  destination: string;
  rules: FlowRules;
  instanceId: string;
  workflow: string;
  records: readonly ExecutionRecord[];
}

/** Records what could not be recorded at once, and gives back what was taken without an answer. Safe to repeat. @throws DatabaseError */
export async function recordLate(database: Database, { workflow, records, ...turn }: Late): Promise<void> {
  const nothing = { token: crypto.randomUUID(), underWay: 0, begins: true, room: 0, budgetSeconds: 0 };
  await makeTurn(database, {
    ...turn,
    landed: records.map((record) => ({ record })),
    next: { ...turn, ...nothing, workflow },
  });
}
