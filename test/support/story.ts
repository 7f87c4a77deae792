import { sql } from "drizzle-orm";
import type { Client } from "pg";
import type { Database } from "../../schema/database/connection.ts";
import { findToRescue } from "../../schema/queries/dispatches/find-to-rescue.ts";
import { noteSighting } from "../../schema/queries/dispatches/note-sighting.ts";
import { replaceInstance } from "../../schema/queries/dispatches/replace-or-lose.ts";
import { requeueUnclaimed } from "../../schema/queries/dispatches/requeue-unclaimed.ts";
import { toNotice } from "../../schema/queries/fragments/notice-columns.ts";
import type { DispatchNotice } from "../../schema/queue/messages.ts";
import { drain } from "../../workers/executor/reconcile/drain.ts";
import { prune } from "../../workers/executor/reconcile/prune.ts";
import { runBreakers } from "../../workers/executor/reconcile/run-breakers.ts";
import { emit } from "../../workers/hub/emit/emit.ts";
import { routePending } from "../../workers/hub/emit/route-pending.ts";
import { cancelDispatches } from "../../workers/hub/operator/cancel.ts";
import type { OperatorContext } from "../../workers/hub/operator/context.ts";
import { listDestinations } from "../../workers/hub/operator/destinations.ts";
import { getDispatch, getEvent } from "../../workers/hub/operator/details.ts";
import { pageOfDispatches, pageOfEvents } from "../../workers/hub/operator/lists.ts";
import { listOperations } from "../../workers/hub/operator/operations.ts";
import { pauseDestination, resumeDestination } from "../../workers/hub/operator/pause-destination.ts";
import { findProblems } from "../../workers/hub/operator/problems.ts";
import { replayEvents } from "../../workers/hub/operator/replay.ts";
import { retryDispatches } from "../../workers/hub/operator/retry.ts";
import { getStats } from "../../workers/hub/operator/stats.ts";
import { getTraffic } from "../../workers/hub/operator/traffic.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { claim as claimOver } from "./claims.ts";
import { deliverHere } from "./deliver.ts";
import { normaliser } from "./normalised.ts";

/** Long enough that an error by a day or by a time zone would be seen. */
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Values that JSON, SQL or the text forms of a client have spoiled somewhere. */
const PAYLOAD = {
  to: "BOTH",
  text: "a \\d+ \\\\ 'quote' \"double\" {brace} $1 %s \u00e4 \u{1f600} NULL null",
  numbers: [0.1, 1e-7, 1.7976931348623157e308, 5e-324, 9007199254740991, -0.30000000000000004],
  moment: "2026-01-05T08:00:00+05:30",
  empty: [null, "", [], {}],
};

const routes = compileRoutes({
  defaultMaxRetries: 3,
  defaultRetryDelay: { type: "constant", interval: 7_200 },
  retention: { payloadDays: 30, rowDays: 60 },
  destinations: {
    GOOD: { kind: "worker", breaker: { failures: 2, seconds: 60, probeSeconds: 30 } },
    BAD: { kind: "worker", breaker: { failures: 2, seconds: 60, probeSeconds: 30 }, drainPerSecond: 0.5 },
  },
  routes: [
    { name: "good", condition: { path: "$.to", prefix: "BOTH" }, destination: "GOOD" },
    { name: "sql", condition: { path: "$.to", exact: "SQL" }, destination: "GOOD" },
    { name: "bad", condition: { path: "$.to", prefix: "BOTH" }, destination: "BAD" },
  ],
});

/**
 * Everything that the hub, the executor and an operator do, with the code that does it, on one database: emit (also in SQL, with a key, later, and by
 * several at once), route, claim, call, record, fail and retry, trip and close a breaker, pause, drain, reconcile, give up as lost, retry by hand,
 * replay, cancel and expire. Also everything that can be read of it. Returns every answer, in a form that can be compared with another run.
 *
 * @param client A connection of the same user, like that of somebody who works in SQL.
 */
export async function liveAndTell(database: Database, client: Client): Promise<Record<string, unknown>> {
  const start = Date.now();
  const normalised = normaliser(start);
  const told: Record<string, unknown> = {};
  const tell = <T>(name: string, value: T): T => {
    told[name] = normalised(value);
    return value;
  };
  const notices: DispatchNotice[] = [];
  const enqueue = async (more: DispatchNotice[]) => {
    notices.push(...more);
  };
  const operator: OperatorContext = {
    database,
    routes: () => routes,
    enqueue,
    actor: "tests",
    deadline: Number.POSITIVE_INFINITY,
  };
  const hub = {
    routes,
    database,
    enqueue: (more: DispatchNotice[]) => notices.push(...more),
    routePending: () => undefined,
    hops: 0,
  };
  const attempt = (ids: readonly string[], result: string, instanceId: string) =>
    deliverHere(ids, {
      database,
      instanceId,
      destinationOf: (name) => routes.config.destinations[name],
      bindings: {
        GOOD: {
          handle: async (payload: object, { emittedAt, attempt: n }: { emittedAt: Date; attempt: number }) =>
            tell(`call ${instanceId}`, { payload, emittedAt, n }) && result,
        },
        BAD: { handle: async () => ({ result, reason: "no \\ 'way'" }) },
      },
    }).then(
      ({ records }) =>
        records.map(({ attempt: n, result: got, startedAt }) => ({ n, got, startedAt: new Date(startedAt) })),
      (error: Error) => (/retry in \d\d\d\d\d\d\d ms/.test(error.message) ? "retried in hours" : error.message),
    );
  const of = (destination: string) =>
    client
      .query<{ id: string }>("select id from eventhub.dispatches where destination = $1 order by id", [destination])
      .then(({ rows }) => rows.map(({ id }) => id));

  // Emit: over RPC, by several at once with one key, for a day later, and in SQL.
  const key = { idempotencyKey: "a key \\ 'of' mine" };
  tell("emitted", await emit(PAYLOAD, key, hub));
  const racing = await Promise.all(
    Array.from({ length: 4 }, () => emit({ to: "BOTH", n: 1 }, { idempotencyKey: "raced" }, hub)),
  );
  tell("raced", racing.map(({ events: [event] }) => event?.duplicate).sort());
  tell("later", await emit({ to: "BOTH later" }, { deliverAt: new Date(start + DAY_MS) }, hub));
  await emit({ to: "BOTH", n: 2 }, {}, hub);
  await client.query("select eventhub.emit($1::jsonb, $2)", [JSON.stringify({ ...PAYLOAD, to: "SQL" }), "in SQL"]);
  tell("routed", await routePending({ database, routes, enqueue }));
  tell(
    "notices",
    notices.map(({ id, destination, dueAt, bytes }) => ({ id, destination, dueAt: new Date(dueAt), bytes })),
  );

  // Claim and record. If several claim at once, one of them gets the dispatch.
  const [first = "", second = "", later = "", , inSql = ""] = await of("GOOD");
  const claim = async (id: string, instanceId: string) => (await claimOver(database, id, { instanceId })).rows;
  const claims = await Promise.all(Array.from({ length: 6 }, (_, n) => claim(second, `racer ${n}`)));
  tell("claims", claims.map(([row]) => row?.answer).sort());
  await client.query("update eventhub.dispatches set instance_id = 'racer' where id = $1", [second]);
  const [early] = await claim(later, "waits");
  tell("early", early?.answer === "early" && new Date(Date.now() + early.wait_ms));
  tell("delivered", await attempt([first, inSql], "complete", "one"));
  const [bad = "", worse = "", , worst = ""] = await of("BAD");
  tell("failed", await attempt([bad, worse], "failed", "two"));

  // Take care of destinations: a breaker trips, probes and closes, an operator pauses and resumes, and held dispatches are drained.
  const care = {
    database,
    config: routes.config,
    send: async (rows: readonly Parameters<typeof toNotice>[0][]) =>
      tell(
        `sent ${Object.keys(told).length}`,
        rows.map((row) => toNotice(row)).map(({ id, dueAt }) => ({ id, dueAt: new Date(dueAt) })),
      ).length > 0,
  };
  tell("tripped", await runBreakers(care, care.send));
  tell("paused", await listDestinations(database, routes.config));
  await client.query("update eventhub.destinations set probe_at = now() - interval '1 second'");
  tell("probed", await runBreakers(care, care.send));
  tell("probe", await attempt([worst], "complete", "three"));
  tell("closed", await runBreakers(care, care.send));
  tell("by hand", await pauseDestination(operator, routes.config, "BAD", "a \\ reason", {}));
  tell("resumed", await resumeDestination(operator, routes.config, "BAD", {}));
  tell("drained", await drain(care, care.send));

  // Reconcile: dispatches that nobody claimed, one that an instance owns, and one that is lost after five instances.
  await client.query(
    "update eventhub.dispatches set next_attempt_at = now() - interval '2 hours', enqueued_at = now() - interval '2 hours', lease_until = null where status = 'ongoing' and next_attempt_at < now() + interval '4 hours'",
  );
  tell(
    "requeued",
    (await database.run(requeueUnclaimed({ graceSeconds: 60, limit: 10 }))).map((row) => ({
      ...row,
      due_in_ms: new Date(Date.now() + row.due_in_ms),
    })),
  );
  const overdue = tell("overdue", await database.run(findToRescue({ graceSeconds: 60, limit: 10 })));
  tell("nudged", (await database.run(noteSighting(overdue, "nudged"))).map(({ id }) => id).sort());
  await client.query("update eventhub.dispatches set fruitless_generations = 4, group_limit = 1 where id = $1", [bad]);
  tell(
    "lost",
    (
      await database.run(replaceInstance([{ id: bad, generation: 0 }], { instanceId: "two", lostAfterSeconds: 1_800 }))
    ).map(({ id, status }) => ({ id, status })),
  );

  // Operate.
  const since = new Date(start - HOUR_MS).toISOString();
  const until = new Date(start + HOUR_MS).toISOString();
  tell("retried", await retryDispatches(operator, { status: ["lost"], resultedSince: since }, { perSecond: 1 }));
  tell("replayed", await replayEvents(operator, { since, until, idempotencyKey: "in SQL" }, { routing: "same" }));
  tell(
    "cancelled",
    await cancelDispatches(
      operator,
      { status: ["ongoing"], since, payload: { path: "$.to", equals: "BOTH later" } },
      {},
    ),
  );

  // Read.
  const page = tell("page", await pageOfDispatches(database, { since, until }, { limit: 3, order: "oldest" }));
  tell(
    "next page",
    await pageOfDispatches(database, { since, until }, { limit: 3, order: "oldest", cursor: page.cursor }),
  );
  tell("overdue ones", await pageOfDispatches(database, { overdue: true }, {}));
  tell("of a reason", await pageOfDispatches(database, { reason: "\\ 'way'" }, {}));
  tell("events", await pageOfEvents(database, { since, until, payload: { path: "$.numbers[*]", equals: 0.1 } }, {}));
  tell("dispatch", await getDispatch(database, bad));
  const [event] = (await pageOfEvents(database, { idempotencyKey: key.idempotencyKey }, {})).items;
  tell("event", await getEvent(database, event?.id));
  const buckets = { since: new Date(start - (start % HOUR_MS) - DAY_MS).toISOString(), bucket: "day" };
  const untimed = (rows: readonly object[]) => rows.map((row) => ({ ...row, p50Ms: 0, p95Ms: 0, p99Ms: 0 }));
  const stats = await getStats(database, buckets);
  tell("stats", { resulted: stats.resulted.map(({ at, ...row }) => row), ongoing: stats.ongoing });
  const { emitted, latency } = await getTraffic(database, buckets);
  tell("traffic", { emitted: emitted.map(({ events }) => events), latency: latency.map(({ sampled }) => sampled) });
  tell("problems", await findProblems(database, { since }));
  tell(
    "destinations",
    (await listDestinations(database, routes.config)).map(({ hour, day, ...rest }) => ({
      ...rest,
      periods: untimed([hour, day]),
    })),
  );
  tell(
    "operations",
    (await listOperations(operator)).map(({ arguments: args, ...rest }) => ({ ...rest, names: Object.keys(args) })),
  );
  for (const [view, order] of [
    ["failed_dispatches", "dispatch_id"],
    ["lost_dispatches", "dispatch_id"],
    ["overdue_dispatches", "dispatch_id"],
    ["dispatch_timeline", "dispatch_id, attempt"],
  ] as const) {
    const rows = await database.run(
      sql<Record<string, unknown>>`${sql.raw(`select * from eventhub.${view} order by ${order}`)}`,
    );
    tell(
      view,
      rows.map(({ overdue_by, took, ...row }) => row),
    );
  }
  const health = await database.run(
    sql<Record<string, unknown>>`select * from eventhub.destination_health order by destination, period`,
  );
  tell(
    "destination_health",
    health.map(({ p50_ms, p95_ms, p99_ms, ...row }) => row),
  );

  // Expire, as the last step: one event loses its payload, the other is deleted.
  await client.query(`
    insert into eventhub.events (id, payload, payload_bytes, created_at)
    select eventhub.uuid_at(at), '{}', 2, at from (values (now() - interval '40 days'), (now() - interval '70 days')) as old(at)`);
  tell("pruned", await prune({ database, config: routes.config }));
  return told;
}
