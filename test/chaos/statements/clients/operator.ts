import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../../../schema/database/connection.ts";
import { routePending } from "../../../../workers/hub/emit/route-pending.ts";
import { cancelDispatch, cancelDispatches } from "../../../../workers/hub/operator/cancel.ts";
import type { OperatorContext } from "../../../../workers/hub/operator/context.ts";
import { OperatorError } from "../../../../workers/hub/operator/operator-error.ts";
import { pauseDestination, resumeDestination } from "../../../../workers/hub/operator/pause-destination.ts";
import { replayEvents } from "../../../../workers/hub/operator/replay.ts";
import { retryDispatch, retryDispatches } from "../../../../workers/hub/operator/retry.ts";
import { type Client, DESTINATIONS, type Deed } from "../world.ts";
import { whileHeld } from "./bystander.ts";

/** How long bulk work may take in one call, in milliseconds. */
const BULK_MS = 3_000;

const contextOf = ({ routes }: Client, database: Database): OperatorContext => ({
  database,
  routes: () => routes,
  enqueue: () => Promise.resolve(),
  actor: "fuzz",
  deadline: Date.now() + BULK_MS,
});

/** The actor is the id of the operation, so that a cancelled dispatch tells which operation cancelled it. */
function newAction(): { actor: string; operationId: string } {
  const operationId = randomUUID();
  return { actor: operationId, operationId };
}

/** Pauses one destination, and mostly resumes it soon, since claims race only with the beginning of a pause. */
export const pauseAndResume: Deed = async (client) => {
  const { random, pauses, routes, database, mild } = client;
  const name = random.one(DESTINATIONS);
  const pause = async () => {
    const asked = pauses.askPause(name);
    try {
      await pauseDestination(contextOf(client, database), routes.config, name, "by chance", newAction());
      pauses.answered(asked);
    } finally {
      pauses.failed(asked);
    }
  };
  // Claims that began before the pause wait for rows until it has been answered.
  if (random.chance(0.5)) await whileHeld(client, OLDEST_ONGOING, [name, random.integer(1, 30)], pause);
  else await pause();
  await sleep(random.integer(0, 300));
  if (random.chance(0.1)) return;
  pauses.askResume(name);
  try {
    await resumeDestination(contextOf(client, mild), routes.config, name, newAction());
  } finally {
    pauses.resumed(name);
  }
};

const OLDEST_ONGOING = `
  select id from eventhub.dispatches where id in (
    select id from eventhub.dispatches where status = 'ongoing' and destination = $1 order by next_attempt_at limit $2)
  order by id for update`;

/** An action that is sometimes requested twice at once, as by a caller who got no answer. */
function acting(act: (client: Client, by: { actor: string; operationId: string }) => Promise<unknown>): Deed {
  return async (client) => {
    const by = newAction();
    const calls = client.random.chance(0.3) ? [act(client, by), act(client, by)] : [act(client, by)];
    for (const outcome of await Promise.allSettled(calls)) {
      if (outcome.status === "fulfilled") continue;
      if (!(outcome.reason instanceof OperatorError)) throw outcome.reason;
      client.findings.count(`operator: ${outcome.reason.message.slice(0, 20).replace(/ .*/, "")}`);
    }
  };
}

const filterOf = ({ random }: Client) => (random.chance(0.5) ? { destination: random.one(DESTINATIONS) } : {});

async function someDispatch({ admin, random }: Client, condition: string): Promise<string | undefined> {
  const { rows } = await admin.query<{ id: string }>(
    `select id from eventhub.dispatches where ${condition} order by id offset $1 limit 1`,
    [random.integer(0, 20)],
  );
  return rows[0]?.id;
}

export const cancelOne: Deed = async (client) => {
  const id = await someDispatch(client, "status = 'ongoing'");
  if (id !== undefined) await acting((one, by) => cancelDispatch(contextOf(one, one.database), id, by))(client);
};

export const cancelSome: Deed = async (client) => {
  const filter = filterOf(client);
  const limit = client.random.integer(1, 60);
  await acting((one, by) => cancelDispatches(contextOf(one, one.database), filter, { ...by, limit }))(client);
};

export const retryOne: Deed = async (client) => {
  const id = await someDispatch(client, "status <> 'ongoing'");
  if (id !== undefined) await acting((one, by) => retryDispatch(contextOf(one, one.database), id, by))(client);
};

export const retrySome: Deed = async (client) => {
  const filter = { ...filterOf(client), status: ["failed", "misconfigured", "cancelled", "complete"] };
  const options = { limit: client.random.integer(1, 60), perSecond: 1_000 };
  await acting((one, by) => retryDispatches(contextOf(one, one.database), filter, { ...by, ...options }))(client);
};

export const replaySome: Deed = async (client) => {
  const routing = client.random.chance(0.5) ? "same" : "current";
  const options = { limit: client.random.integer(1, 60), perSecond: 1_000, routing };
  await acting((one, by) => replayEvents(contextOf(one, one.database), {}, { ...by, ...options }))(client);
};

/** Routes events that were emitted in SQL, like the hub's cron. */
export const routeSome: Deed = async ({ database, routes, findings }) => {
  findings.count("routed", await routePending({ database, routes, enqueue: () => Promise.resolve() }));
};
