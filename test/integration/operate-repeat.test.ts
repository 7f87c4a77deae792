import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { cancelDispatch, cancelDispatches } from "../../workers/hub/operator/cancel.ts";
import { listOperations } from "../../workers/hub/operator/operations.ts";
import { pauseDestination, resumeDestination } from "../../workers/hub/operator/pause-destination.ts";
import { replayEvents } from "../../workers/hub/operator/replay.ts";
import { retryDispatch, retryDispatches } from "../../workers/hub/operator/retry.ts";
import { tick } from "../../workers/hub/operator/tick.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory, operatorOn } from "../support/history.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

const insert = (count: number, status: string) =>
  insertHistory(
    database,
    Array.from({ length: count }, () => ({ status, at: new Date(Date.now() - 3_600_000) })),
  );

/** An answer without the times that are estimated again with each look. */
function untimed(answer: unknown): object {
  const { outcome, drain, ...rest } = answer as { outcome?: object | null; drain?: object | null };
  return {
    ...rest,
    outcome: outcome && { ...outcome, secondsLeft: "a while" },
    drain: drain && { ...drain, until: "soon" },
  };
}

describe("an operationId", () => {
  const config = () => operatorOn(database).routes().config;
  const other = (id: string, what: string) =>
    `[conflict] options.operationId: ${id} is another operation's: ${what} with other arguments, by tests, `;

  test("repeats the call it was made for, of each kind, and no other", async () => {
    const operator = operatorOn(database);
    const failed = await insert(2, "failed");
    const ongoing = await insert(2, "ongoing");
    const filter = { destination: "SCRIPTED" };
    const calls: [string, (operationId: string) => Promise<unknown>, (operationId: string) => Promise<unknown>][] = [
      [
        "retry_dispatch",
        (operationId) => retryDispatch(operator, failed[0]?.id, { operationId }),
        (operationId) => retryDispatch(operator, failed[1]?.id, { operationId }),
      ],
      [
        "cancel_dispatch",
        (operationId) => cancelDispatch(operator, ongoing[0]?.id, { operationId }),
        (operationId) => cancelDispatch(operator, ongoing[1]?.id, { operationId }),
      ],
      [
        "retry_dispatches",
        (operationId) => retryDispatches(operator, { ids: [failed[0]?.id] }, { operationId }),
        (operationId) => retryDispatches(operator, filter, { operationId }),
      ],
      [
        "cancel_dispatches",
        (operationId) => cancelDispatches(operator, { ids: [ongoing[0]?.id] }, { operationId }),
        (operationId) => cancelDispatches(operator, filter, { operationId }),
      ],
      [
        "replay_events",
        (operationId) => replayEvents(operator, { ids: [failed[0]?.eventId] }, { operationId, routing: "same" }),
        (operationId) => replayEvents(operator, { ids: [failed[0]?.eventId] }, { operationId, routing: "current" }),
      ],
      [
        "pause_destination",
        (operationId) => pauseDestination(operator, config(), "SCRIPTED", "upgrade", { operationId }),
        (operationId) => pauseDestination(operator, config(), "SINGLE", "upgrade", { operationId }),
      ],
      [
        "resume_destination",
        (operationId) => resumeDestination(operator, config(), "SCRIPTED", { operationId }),
        (operationId) => resumeDestination(operator, config(), "SINGLE", { operationId }),
      ],
    ];
    for (const [action, call, different] of calls) {
      const operationId = randomUUID();
      const first = untimed(await call(operationId));
      const before = await database.query("select id, status from eventhub.dispatches order by id");
      expect(untimed(await call(operationId)), action).toEqual(first);
      await expect(different(operationId), action).rejects.toThrow(other(operationId, action));
      expect(await database.query("select id, status from eventhub.dispatches order by id")).toEqual(before);
    }
    const actions = (await listOperations(operator)).map(({ action }) => action);
    expect(actions.sort()).toEqual(calls.map(([action]) => action).sort());
    expect(await database.query("select name from eventhub.destinations")).toEqual([{ name: "SCRIPTED" }]);
  });

  test("of two calls at once with other arguments lets one act", async () => {
    const failed = await insert(2, "failed");
    const operationId = randomUUID();
    const outcomes = await Promise.allSettled(
      failed.map(({ id }) => retryDispatch(operatorOn(database), id, { operationId })),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const retried = "select count(*)::int as n from eventhub.dispatches where retry_of is not null";
    expect(await database.query(retried)).toEqual([{ n: 1 }]);
  });
});

test("operations that always fail keep no other waiting", async () => {
  await insert(1, "failed");
  const begin = (filter: object, count: number) =>
    database.query(
      `insert into eventhub.operations (id, actor, action, arguments, updated_at)
       select eventhub.new_id(), $2, 'retry_dispatches', $1, now() - interval '1 hour' from generate_series(1, $3)`,
      [JSON.stringify({ filter, limit: 10, perSecond: 1 }), "colour" in filter ? "broken" : "sound", count],
    );
  await begin({ colour: "red" }, 30);
  await begin({ status: ["failed"] }, 1);
  const operator = operatorOn(database);
  for (let run = 0; run < 4; run++) await tick(operator);
  const operations = await listOperations(operator);
  expect(operations.filter(({ state }) => state === "finished")).toMatchObject([{ actor: "sound", affected: 1 }]);
  expect(operations.filter(({ actor }) => actor === "broken")).toHaveLength(30);
});
