import type { SQL } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import type { Database } from "../../schema/database/connection.ts";
import { type ExecutionRecord, recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import { coolDown, giveBack, lockFlow, readTaken, settleFlow, take } from "../../schema/queries/flow/take.ts";
import { makeTurn, recordLate } from "../../workflows/flow/turn.ts";
import { parametersOf, textOf } from "../support/statement-text.ts";

const said = (statement: SQL) => [textOf(statement), parametersOf(statement)];
const idOf = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const record = (n: number, more: Partial<ExecutionRecord> = {}): ExecutionRecord => ({
  ...{ dispatchId: idOf(n), attempt: 1, claim: `claim-${n}`, startedAt: "", finishedAt: "" },
  ...{ result: "complete", reason: null, status: "complete", delaySeconds: 0, decisive: true },
  ...more,
});
const common = { destination: "A", rules: { hold: true as const }, instanceId: "one" };
const NEXT = {
  ...common,
  workflow: "DISPATCH",
  token: idOf(99),
  underWay: 3,
  begins: false,
  room: 5,
  budgetSeconds: 90,
};

/** A database that answers each statement with its number, but a take with what was taken. Remembers each transaction. */
function numbering() {
  const transactions: SQL[][] = [];
  const database = {
    transaction: async (statements: SQL[]) => {
      transactions.push(statements);
      return statements.map((statement, n) =>
        textOf(statement) === textOf(take(NEXT)) ? [{ taken: { taken: 1, more: false, pace: false } }] : [{ n }],
      );
    },
  } as unknown as Database;
  return { database, saidOf: () => transactions.map((statements) => statements.map(said)) };
}

describe("a turn", () => {
  test("locks, cools down, records, gives back and settles, and then takes, in one transaction", async () => {
    const { database, saidOf } = numbering();
    const cooldown = { key: "k", seconds: 60 };
    const landed = [record(1), record(2, { result: "failed", cooldown })];
    const refused = [{ id: idOf(3), claim: "claim-3" }];
    const turned = await makeTurn(database, { ...common, landed, refused, next: NEXT });
    const ids = [1, 2, 3].map(idOf);
    const claims = [1, 2, 3].map((n) => `claim-${n}`);
    expect(saidOf()).toEqual([
      [
        lockFlow("A", ids),
        coolDown("A", record(2), cooldown),
        recordExecutions(landed, "one"),
        giveBack(idOf(3), "claim-3"),
        settleFlow("A", ids, claims, common.rules),
        take(NEXT),
        readTaken(NEXT.token),
      ].map(said),
    ]);
    expect(turned).toEqual({ taken: { taken: 1, more: false, pace: false }, rows: [{ n: 6 }] });
  });

  test("that takes nothing has taken nothing, whatever it records", async () => {
    const { database, saidOf } = numbering();
    expect(await makeTurn(database, { ...common, landed: [record(1)] })).toEqual({ taken: undefined, rows: [] });
    expect(saidOf()[0]?.map(([text]) => text)).toEqual(
      [lockFlow("", []), recordExecutions([], ""), settleFlow("", [], [], {})].map(textOf),
    );
  });

  test("that has nothing to record only takes, and one that only gives back records nothing", async () => {
    const { database, saidOf } = numbering();
    await makeTurn(database, { ...common, landed: [], next: NEXT });
    await makeTurn(database, { ...common, landed: [], refused: [{ id: idOf(1), claim: "claim-1" }] });
    expect(saidOf()).toEqual([
      [take(NEXT), readTaken(NEXT.token)].map(said),
      [
        lockFlow("A", [idOf(1)]),
        giveBack(idOf(1), "claim-1"),
        settleFlow("A", [idOf(1)], ["claim-1"], common.rules),
      ].map(said),
    ]);
  });
});

test("a late record begins anew with nothing under way, and takes nothing", async () => {
  const { database, saidOf } = numbering();
  await recordLate(database, { ...common, workflow: "DISPATCH", records: [record(1)] });
  const [statements] = saidOf();
  const token = statements?.at(-1)?.[1]?.[0] as string;
  const nothing = { token, underWay: 0, begins: true, room: 0, budgetSeconds: 0 };
  expect(statements).toEqual(
    [
      lockFlow("A", [idOf(1)]),
      recordExecutions([record(1)], "one"),
      settleFlow("A", [idOf(1)], ["claim-1"], common.rules),
      take({ ...common, ...nothing, workflow: "DISPATCH" }),
      readTaken(token),
    ].map(said),
  );
});
