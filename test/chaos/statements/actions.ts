import { randomUUID } from "node:crypto";
import type { Database } from "../../../schema/database.ts";
import { handOver, replaceInstance } from "../../../schema/queries/advance-generation.ts";
import { cancelDispatches } from "../../../schema/queries/cancel-dispatches.ts";
import { claimDispatches, type Member } from "../../../schema/queries/claim-dispatches.ts";
import { drainResumed } from "../../../schema/queries/drain-resumed.ts";
import { expireRows } from "../../../schema/queries/expire.ts";
import { findOverdueOwned } from "../../../schema/queries/find-overdue-owned.ts";
import { closeGate } from "../../../schema/queries/lock-order.ts";
import { noteSighting } from "../../../schema/queries/note-sighting.ts";
import { pauseDestination, resumeDestination } from "../../../schema/queries/pause-destination.ts";
import { type ExecutionRecord, recordExecutions } from "../../../schema/queries/record-executions.ts";
import { requeueUnclaimed } from "../../../schema/queries/requeue-unclaimed.ts";
import { retryDispatches } from "../../../schema/queries/retry-dispatches.ts";
import { type NewOperation, startOperation } from "../../../schema/queries/start-operation.ts";
import { closeBreakers, settleProbes, startProbes, tripBreakers } from "../../../schema/queries/trip-breakers.ts";
import { emit } from "../../../workers/hub/emit.ts";
import { routePending } from "../../../workers/hub/route-pending.ts";
import { compileRoutes } from "../../../workers/hub/routing/index.ts";
import type { Random } from "../random.ts";
import type { World } from "./world.ts";

const DESTINATIONS = ["A", "B"];
const routes = compileRoutes({ routes: DESTINATIONS.map((destination) => ({ destination })) });
const rules = DESTINATIONS.map((name) => ({ name, failures: 5, seconds: 60, probeSeconds: 1 }));

/** Few keys, so that calls meet. */
const KEYS = 40;

export interface Actor {
  database: Database;
  random: Random;
  world: World;
}

/** What clients do, each with its share. */
export const SHARES = {
  emitKeyed: 0.2,
  work: 0.36,
  pause: 0.06,
  care: 0.06,
  reconcile: 0.08,
  cancel: 0.06,
  retry: 0.05,
  expire: 0.09,
  emitInSql: 0.04,
} as const;

export const ACTIONS: Readonly<Record<keyof typeof SHARES, (actor: Actor) => Promise<void>>> = {
  emitKeyed,
  work,
  pause,
  care,
  reconcile,
  cancel,
  retry,
  // Of any age: what is final goes at once.
  expire: async ({ database, world }) => {
    await database.run(expireRows(0, 20));
    world.count("expired");
  },
  emitInSql: async ({ database, random, world }) => {
    await world.sqlEmit(`sql ${random.integer(1, KEYS)}`);
    await routePending({ database, routes, enqueue: async () => undefined });
  },
};

async function emitKeyed({ database, random, world }: Actor): Promise<void> {
  const keys = Array.from({ length: random.integer(1, 8) }, () => random.integer(1, KEYS));
  const payloads = [...new Set(keys)].map((n) => ({ specversion: "1.0", type: "t", source: "/s", id: String(n) }));
  const { events } = await emit(
    payloads,
    { cloudEvents: true },
    {
      routes,
      database,
      enqueue: () => undefined,
      routePending: () => undefined,
      hops: 0,
    },
  );
  await world.checkEmitted(events.map(({ id }) => id));
}

/** An instance: claims some of what is there, and records, or hands over, or dies. */
async function work({ database, random, world }: Actor): Promise<void> {
  const destination = random.one(DESTINATIONS);
  const members = shuffle(await world.someOngoing(destination), random).slice(0, 8);
  if (members.length === 0) return;
  const instanceId = `instance ${random.integer(1, 1_000_000)}`;
  const token = randomUUID();
  const rows = await database.run(claimDispatches({ members, instanceId, workflow: "D", token, leaseSeconds: 1 }));
  const mine = rows.flatMap((row) => (row.answer === "mine" ? [row] : []));
  await world.checkClaimed(
    mine.map(({ id }) => id),
    token,
    destination,
  );
  if (random.chance(0.15)) {
    await database.run(handOver(membersOf(mine, members), instanceId));
    return;
  }
  const at = new Date().toISOString();
  const records = mine.map((row): ExecutionRecord => {
    const failed = random.chance(0.5);
    return {
      dispatchId: row.id,
      attempt: row.attempts + 1,
      claim: token,
      startedAt: at,
      finishedAt: at,
      reason: null,
      delaySeconds: 0,
      ...(failed
        ? { result: "failed", status: random.chance(0.5) ? "ongoing" : "failed", decisive: false }
        : { result: "complete", status: "complete", decisive: true }),
    };
  });
  if (records.length > 0) await database.run(recordExecutions(shuffle(records, random), instanceId));
}

const membersOf = (mine: readonly { id: string }[], members: readonly Member[]) =>
  members.filter(({ id }) => mine.some((row) => row.id === id));

async function pause({ database, random, world }: Actor): Promise<void> {
  const name = random.one(DESTINATIONS);
  if (random.chance(0.5)) {
    const id = randomUUID();
    await database.transaction([pauseDestination(name, null, operation("pause_destination", id)), closeGate(name)]);
    await world.paused(name);
  } else await database.transaction([resumeDestination(name, operation("resume_destination")), closeGate(name)]);
}

async function care({ database }: Actor): Promise<void> {
  await database.transaction([closeBreakers(), tripBreakers(rules), settleProbes(rules), startProbes()]);
  await database.run(drainResumed([], 1_000));
}

async function reconcile({ database, random }: Actor): Promise<void> {
  await database.run(requeueUnclaimed({ graceSeconds: 0, limit: 20 }));
  const rows = await database.run(findOverdueOwned({ graceSeconds: 0, limit: 20 }));
  if (rows.length > 0)
    await database.run(noteSighting(shuffle(rows, random), random.one(["nudged", "missing", "unknown"] as const)));
  for (const [instanceId, members] of Map.groupBy(rows, (row) => row.instance_id))
    await database.run(replaceInstance(members, { instanceId, lostAfterSeconds: 5 }));
}

async function cancel({ database, random, world }: Actor): Promise<void> {
  const members = shuffle(await world.someOngoing(random.one(DESTINATIONS)), random).slice(0, 6);
  const started = operation("cancel_dispatches");
  const chunk = { operationId: started.id, position: null, next: null, examined: members.length, last: true };
  await database.transaction([
    startOperation(started),
    cancelDispatches(
      members.map(({ id }) => id),
      "by hand",
      chunk,
    ),
  ]);
}

async function retry({ database, random, world }: Actor): Promise<void> {
  const ids = shuffle(await world.someFinal(), random)
    .slice(0, 6)
    .sort();
  const started = operation("retry_dispatches");
  const chunk = { operationId: started.id, position: null, next: null, examined: ids.length, last: true };
  await database.transaction([
    startOperation(started),
    retryDispatches(ids, { perSecond: 1_000, delaySeconds: 0 }, chunk),
  ]);
}

const operation = (action: NewOperation["action"], id: string = randomUUID()): NewOperation => ({
  id,
  actor: "fuzz",
  action,
  arguments: {},
});

function shuffle<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
