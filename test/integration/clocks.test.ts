import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import { type Database, openDatabase } from "../../schema/database/connection.ts";
import { DatabaseError } from "../../schema/database/database-error.ts";
import { closeBreakers, startProbes, tripBreakers } from "../../schema/queries/destinations/decide-breakers.ts";
import { recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import { handOver } from "../../schema/queries/dispatches/replace-or-lose.ts";
import { idArray } from "../../schema/queries/fragments/list-conditions.ts";
import { toNotice } from "../../schema/queries/fragments/notice-columns.ts";
import type { DispatchNotice } from "../../schema/queue/messages.ts";
import { emit } from "../../workers/hub/emit/emit.ts";
import { resumeDestination } from "../../workers/hub/operator/pause-destination.ts";
import { startPullers } from "../../workflows/flow/start-pullers.ts";
import type { Work } from "../../workflows/group.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { deliverHere } from "../support/deliver.ts";
import { type DispatchValues, insertDispatch, readDispatch } from "../support/dispatch-rows.ts";
import { insertWaiting } from "../support/flow-database.ts";
import { operatorOn } from "../support/history.ts";
import { shiftClock } from "../support/shifted-clock.ts";

let test_: TestDatabase;
let database: Database;
beforeAll(async () => {
  test_ = await createDatabase();
  database = openDatabase(test_);
});
afterAll(() => test_?.drop());
beforeEach(() => {
  for (const level of ["info", "warn"] as const) vi.spyOn(console, level).mockReturnValue(undefined);
});
afterEach(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await test_.clear();
});

const NAME = "SCRIPTED";
const rule = { name: NAME, failures: 2, seconds: 60, probeSeconds: 30 };
const answers = { handle: async (): Promise<string> => "complete" };

/** Inserts a dispatch that is due by any clock. */
const insert = (values: DispatchValues = {}) => insertDispatch(test_, { next_attempt_at: new Date(0), ...values });

/** Runs one step of the executor for a dispatch. Returns what it returned, or the error that asks for a retry. */
const attempt = (id: string, handle: () => Promise<string>, over: Database = database) =>
  deliverHere([id], { database: over, instanceId: "instance", bindings: { [NAME]: { handle } } }).catch(
    (error: Error) => error.message,
  );

const fails = async () => "failed";
const failing = { max_retries: 9, retry_delay: { type: "constant", interval: 3_600 } } as object;
const failTwice = async () => {
  for (let n = 0; n < 2; n++) await attempt(await insert(failing), fails);
};
const now = async () => (await test_.query<{ now: Date }>("select clock_timestamp() as now"))[0]?.now.getTime() ?? 0;
const times = async (id: string) => {
  const [row] = await test_.query<{ started_at: Date; finished_at: Date }>(
    "select started_at, finished_at from eventhub.executions where dispatch_id = $1 order by attempt desc limit 1",
    [id],
  );
  return [row?.started_at.getTime() ?? 0, row?.finished_at.getTime() ?? 0] as const;
};

const wrong = [
  ["two minutes behind", -120_000],
  ["ten minutes ahead", 600_000],
] as const;

describe.each(wrong)("with the executor's clock %s", (_, shift) => {
  beforeEach(() => shiftClock(shift));

  test("a breaker trips, closes by its probe, and trips again", async () => {
    await failTwice();
    expect(await database.run(tripBreakers([rule]))).toEqual([{ name: NAME }]);

    const id = await insert();
    await test_.query("update eventhub.destinations set probe_at = now()");
    expect(await database.run(startProbes())).toMatchObject([{ id }]);
    expect(await database.run(closeBreakers())).toEqual([]);
    await attempt(id, answers.handle);
    expect(await database.run(closeBreakers())).toEqual([{ name: NAME }]);

    expect(await database.run(tripBreakers([rule]))).toEqual([]);
    await test_.query("delete from eventhub.executions where result = 'complete'");
    await test_.query(
      "update eventhub.dispatches set status = 'ongoing', resulted_at = null where status = 'complete'",
    );
    await failTwice();
    expect(await database.run(tripBreakers([rule]))).toEqual([{ name: NAME }]);
  });

  test("failures from before an operator's resume do not trip a breaker again", async () => {
    await failTwice();
    expect(await database.run(tripBreakers([rule]))).toEqual([{ name: NAME }]);
    const operator = operatorOn(test_);
    await resumeDestination(operator, operator.routes().config, NAME, {});
    expect(await database.run(tripBreakers([rule]))).toEqual([]);
  });

  test("a call from before the trip that succeeds well after it does not close a breaker", async () => {
    const id = await insert();
    await attempt(id, async () => {
      await failTwice();
      expect(await database.run(tripBreakers([rule]))).toEqual([{ name: NAME }]);
      return "complete";
    });
    expect((await readDispatch(test_, id)).status).toBe("complete");
    expect(await database.run(closeBreakers())).toEqual([]);
  });

  test("an attempt's times are the database's, in the order of what happened", async () => {
    const id = await insert();
    const before = await now();
    let called = 0;
    let answered = 0;
    await attempt(id, async () => {
      called = await now();
      await new Promise((resolve) => setTimeout(resolve, 50));
      answered = await now();
      return "complete";
    });
    const [started, finished] = await times(id);
    expect(started).toBeGreaterThanOrEqual(before);
    expect(started).toBeLessThanOrEqual(called);
    // Times in whole milliseconds: each difference has lost up to one.
    expect(finished - started).toBeGreaterThanOrEqual(answered - called - 2);
    expect(answered - called).toBeGreaterThanOrEqual(48);
    expect(finished).toBeLessThanOrEqual((await readDispatch(test_, id)).resulted_at?.getTime() ?? 0);
  });

  test("a result that is recorded long after its call has the time of the call", async () => {
    const id = await insert();
    let claims = 0;
    const away = new DatabaseError("database: no answer in time", { transient: true, refused: false });
    const dies: Database = {
      ...database,
      run: (...call) => {
        if (claims++ > 0) throw away;
        return database.run(...call);
      },
    };
    const delivered = await attempt(id, answers.handle, dies);
    const after = await now();
    if (typeof delivered === "string") throw new Error(delivered);
    expect(delivered.unrecorded).toHaveLength(1);
    await test_.query("select pg_sleep(0.1)");
    await database.run(recordExecutions(JSON.parse(JSON.stringify(delivered.unrecorded)), "instance"));
    const [, finished] = await times(id);
    expect(finished).toBeLessThanOrEqual(after);
    expect((await readDispatch(test_, id)).resulted_at?.getTime()).toBeGreaterThanOrEqual(after + 100);
  });

  test("a wait until a moment is as long as the database's clock says, in the message to the queue", async () => {
    const deliverAt = new Date((await now()) + 3_600_000);
    const told: DispatchNotice[] = [];
    const began = performance.now();
    await emit(
      { to: NAME },
      { deliverAt },
      {
        routes: operatorOn(test_).routes(),
        database,
        enqueue: (notices) => told.push(...notices),
        routePending: () => undefined,
      },
    );
    const [row] = await test_.query<{ id: string }>("select id from eventhub.dispatches where destination = $1", [
      NAME,
    ]);
    expect(row).toBeDefined();
    const member = { id: row?.id ?? "", generation: 0 };
    await test_.query("update eventhub.dispatches set instance_id = 'instance'");
    told.push(...(await database.run(handOver([member], "instance"))).map((moved) => toNotice(moved)));
    const passed = performance.now() - began;
    const waits = told.filter(({ id }) => id === row?.id).map(({ dueAt }) => dueAt - shift - deliverAt.getTime());
    expect(waits).toHaveLength(2);
    for (const late of waits) {
      expect(late).toBeGreaterThanOrEqual(-1);
      expect(late).toBeLessThanOrEqual(passed + 1);
    }
  });

  test("an instance of a destination with limits looks again when the database's clock says so", async () => {
    const asked: Work[] = [];
    const engine = {
      createBatch: async ({ instances }: { instances: { params: Work }[] }) => {
        asked.push(...instances.map(({ params }) => params));
        return { created: [], errors: [] };
      },
    } as unknown as Workflow<Work>;
    const config = parseRouteConfig({
      destinations: { LIMITED: { kind: "worker", limits: [{ concurrency: 5 }] } },
      routes: [{ destination: "LIMITED" }],
    });
    const tell = async (ids: string[]) =>
      startPullers("LIMITED", idArray(ids), { database, config, workflowOf: () => engine });
    expect(await tell(await insertWaiting(test_, [{ dueInSeconds: 60 }]))).toBe(1);
    expect(await tell(await insertWaiting(test_, [{}]))).toBe(1);
    const [later, now] = asked.map((params) => ("waitMs" in params ? params.waitMs : Number.NaN));
    expect(now).toBe(0);
    expect(later).toBeGreaterThan(50_000);
    expect(later).toBeLessThanOrEqual(60_000);
  });
});
