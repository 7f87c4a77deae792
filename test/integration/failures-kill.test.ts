import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { EmitResult } from "../../schema/contract/index.ts";
import { recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import { Journal } from "../chaos/journal.ts";
import { Random } from "../chaos/random.ts";
import { ask } from "../chaos/repeat.ts";
import { type Control, startControl } from "../chaos/worker-faults.ts";
import { prepareWorkerd, type Workerd } from "../chaos/workerd.ts";
import { claimOf } from "../support/claims.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { readDispatch } from "../support/dispatch-rows.ts";
import { type Faults, openFaults } from "../support/open-faults.ts";
import { eventually } from "../support/system.ts";
import type { ChaosPayload } from "../workers/chaos/wire.ts";

// The campaign's own Workers in a workerd that can be killed, with no faults but those that these tests plan.
let directory: string;
let database: TestDatabase;
let faults: Faults;
let control: Control;
let workerd: Workerd;
let journal: Journal;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "cf-eventhub-kill-"));
  database = await createDatabase();
  faults = openFaults(database.name);
  journal = new Journal();
  control = await startControl(journal, new Random("kill"));
  control.enabled = false;
  workerd = await prepareWorkerd(directory, {
    DATABASE_URL: database.url,
    DATABASE_ENDPOINT: database.endpoint,
    CAMPAIGN_URL: control.url,
    RECONCILE_GRACE_SECONDS: "0",
  });
  await workerd.start();
});
afterAll(async () => {
  await workerd?.stop();
  await control?.stop();
  await database?.drop();
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
});
afterEach(() => faults.clear());

let events = 0;
/** Emits one event to SINGLE. */
async function emit(script: ChaosPayload["script"] = [], delaySeconds = 1): Promise<string> {
  const body = { payload: { n: events++, to: "SINGLE", script }, options: { delaySeconds } };
  const { events: stored } = await ask<EmitResult>(`${workerd.origin}/emit`, body);
  return stored[0]?.dispatches[0]?.id ?? "";
}

/** Emits events whose messages are dropped until the next reconciling, so that faults can be planned for their ids, however long that takes. */
async function emitUnheard(count: number): Promise<string[]> {
  control.storms.set("queue.send", "drop");
  control.enabled = true;
  const ids = await Promise.all(Array.from({ length: count }, () => emit([], 0)));
  control.enabled = false;
  control.storms.clear();
  return ids;
}

const callsOf = (id: string) =>
  [...journal.calls.values()].filter((call) => "dispatchId" in call && call.dispatchId === id);
const called = (id: string) => eventually(async () => callsOf(id)[0], `${id} is called`);
const reconcile = () => ask(`${workerd.origin}/reconcile`);

async function killAndStart(): Promise<void> {
  await workerd.kill();
  // That executor is dead, so nobody has to wait for its leases.
  await database.query("update eventhub.dispatches set lease_until = now() where status = 'ongoing'");
  await workerd.start();
}

/** Reconciles until a dispatch is final. */
const final = (id: string) =>
  eventually(async () => {
    const row = await readDispatch(database, id);
    if (row.status !== "ongoing") return row;
    await reconcile();
    return undefined;
  }, `dispatch ${id} is final`);

const CLAIM = claimOf([]);
const RECORD = recordExecutions([], "");

test("everything dies: before the claim, after it, during the call, after the call, after the record. Each is delivered, and only calls without a record are repeated", async () => {
  const [beforeClaim = "", afterClaim = "", afterCall = "", afterRecord = ""] = await emitUnheard(4);
  await faults.plan(
    { place: "database", fault: "hang", statement: CLAIM, about: beforeClaim },
    { place: "database", fault: "hang after", statement: CLAIM, about: afterClaim },
    { place: "database", fault: "hang", statement: RECORD, about: afterCall },
    { place: "database", fault: "hang after", statement: RECORD, about: afterRecord },
  );
  const sleeping = await emit([], 4);
  await reconcile();
  await Promise.all([faults.happened("hang", 2), faults.happened("hang after", 2)]);
  await eventually(async () => {
    return (await readDispatch(database, afterRecord)).status === "complete" ? true : undefined;
  }, "the record is written");
  const duringCall = await emit([{ kind: "answer", value: "complete", afterMs: 2_500 }], 0);
  await called(duringCall);
  await killAndStart();

  const rows = await Promise.all([sleeping, beforeClaim, afterClaim, duringCall, afterCall, afterRecord].map(final));
  expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual(Array(6).fill(["complete", 1]));
  // An engine that starts again wakes its sleepers early.
  expect(callsOf(sleeping)[0]?.startedAt).toBeGreaterThanOrEqual(rows[0]?.next_attempt_at.getTime() ?? Infinity);
  const calls = (id: string) => callsOf(id).length;
  expect([sleeping, beforeClaim, afterClaim, duringCall, afterCall, afterRecord].map(calls)).toEqual([
    1, 1, 1, 2, 2, 1,
  ]);
});

test("a deployment that changes the names of the steps, with instances asleep and between two attempts: each is delivered once", async () => {
  const [asleep, between] = await Promise.all([
    emit([], 3),
    emit([
      { kind: "answer", value: { result: "failed", retryAfterSeconds: 3 } },
      { kind: "answer", value: "complete" },
    ]),
  ]);
  await eventually(
    async () => ((await readDispatch(database, between)).attempts === 1 ? true : undefined),
    "it has failed once",
  );
  control.storms.set("workflow.version", "of another version");
  await killAndStart();
  expect(await final(asleep)).toMatchObject({ status: "complete", attempts: 1 });
  expect(await final(between)).toMatchObject({ status: "complete", attempts: 2 });
  expect(callsOf(asleep)).toHaveLength(1);
  expect(callsOf(between).map(({ attempt }) => attempt)).toEqual([1, 2]);
});

test("everything stands still for longer than a call may take: what was on its way is delivered, and no budget is exceeded", async () => {
  const id = await emit([{ kind: "answer", value: "complete", afterMs: 2_000 }]);
  await called(id);
  await workerd.freeze(4_000);
  const { status, attempts } = await final(id);
  expect(status).toBe("complete");
  expect(attempts).toBeLessThanOrEqual(2);
  expect(callsOf(id).map(({ attempt }) => attempt)).toEqual(attempts === 1 ? [1] : [1, 2]);
});
