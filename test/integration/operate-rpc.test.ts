import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import type { Operation } from "../../schema/contract/operations.ts";
import type { DestinationState, DispatchDetail, Page } from "../../schema/contract/operator.ts";
import { METHODS } from "../../workers/hub/operator/methods.ts";
import { eventually, type System, startSystem } from "../support/system.ts";
import routing from "../workers/routing.json" with { type: "json" };

let system: System;
beforeAll(async () => {
  system = await startSystem({ graceSeconds: 0 });
});
afterAll(() => system?.stop());

const emitted = async (payload: unknown) => {
  const { events } = await system.emit(payload);
  return events.map(({ id }) => id);
};
const dispatchesOf = async (events: readonly string[]) => (await Promise.all(events.map(system.dispatches))).flat();
/** Reconciles until all dispatches of these events are final. */
const reconciled = (events: readonly string[]) =>
  eventually(async () => {
    await system.reconcile();
    const rows = await dispatchesOf(events);
    return rows.every(({ status }) => status !== "ongoing") ? rows : undefined;
  }, "all is final");
const held = (events: readonly string[], generation: number) =>
  eventually(async () => {
    const rows = await dispatchesOf(events);
    return rows.every((one) => one.generation >= generation && one.instance_id === null) ? rows : undefined;
  }, `all is held in generation ${generation}`);

describe("over RPC", () => {
  test("an operator finds what failed, learns why, retries it, and sees it delivered", async () => {
    const [event = ""] = await emitted({
      to: "no retries",
      order: { id: 17 },
      script: [{ return: { result: "failed", reason: "out of stock" } }],
    });
    await system.settled(event);
    const page = await system.operate<Page<{ id: string }>>("listDispatches", {
      status: "failed",
      payload: { path: "$.order.id", equals: 17 },
    });
    const id = page.items[0]?.id ?? "";
    expect(await system.operate("getDispatch", id)).toMatchObject({
      destination: "SCRIPTED",
      route: "no retries",
      status: "failed",
      executions: [{ attempt: 1, result: "failed", reason: "out of stock" }],
    });
    // The consumer is fixed.
    await system.database.query("update eventhub.events set payload = payload - 'script' where id = $1", [event]);
    const retry = await system.operate<DispatchDetail & { id: string }>("retryDispatch", id, { maxRetries: 2 });
    expect(retry).toMatchObject({ retryOf: id, maxRetries: 2 });
    await system.settled(event);
    expect(await system.operate("getDispatch", id)).toMatchObject({ status: "failed", retriedBy: retry.id });
    expect(await system.operate("getDispatch", retry.id)).toMatchObject({ status: "complete", attempts: 1 });
    expect(await system.operate("listOperations")).toMatchObject([
      { actor: "the tests", action: "retry_dispatch", affected: 1 },
    ]);
    expect(await system.operate("getEvent", event)).toMatchObject({ dispatches: [{ id }, { id: retry.id }] });
  });

  test("bulk work is done and told", async () => {
    const events = await emitted(
      Array.from({ length: 30 }, (_, n) => ({ to: "no retries", batch: "b", n, script: [{ return: "failed" }] })),
    );
    await Promise.all(events.map(system.settled));
    await system.database.query(
      "update eventhub.events set payload = payload - 'script' where payload->>'batch' = 'b'",
    );
    const filter = { payload: { path: "$.batch", equals: "b" }, reason: undefined };
    expect(await system.operate("retryDispatches", filter, { dryRun: true })).toMatchObject({
      dispatches: 30,
      exact: true,
    });
    const operation = await system.operate<Operation>("retryDispatches", filter, { perSecond: 1_000, actor: "ada" });
    expect(operation).toMatchObject({ state: "finished", affected: 30, actor: "ada" });
    const rows = (await Promise.all(events.map(system.settled))).flat();
    expect(rows.filter(({ status }) => status === "complete")).toHaveLength(30);
    expect(await system.operate("replayEvents", { ids: [events[0]] }, { routing: "same" })).toMatchObject({
      affected: 1,
    });
    await system.settled(events[0] ?? "");
    expect(await system.calls(events[0])).toHaveLength(3);
    const { events: made } = await system.emit({ to: "SCRIPTED", batch: "c" }, { delaySeconds: 3_600 });
    const waiting = made.map(({ id }) => id);
    expect(await system.operate("cancelDispatches", { eventId: waiting[0] }, { dryRun: false })).toMatchObject({
      affected: 1,
    });
    expect(await dispatchesOf(waiting)).toMatchObject([{ status: "cancelled", reason: "cancelled by the tests" }]);
    expect(await system.calls(waiting[0])).toEqual([]);
  });

  test("explains routing, and lists events and destinations", async () => {
    const explained = await system.operate<{ name: string; matched: boolean; failed: object[] }[]>("explain", {
      to: "ARCHIVE",
    });
    expect(explained.filter(({ matched }) => matched)).toMatchObject([{ name: "archive" }]);
    expect(explained.find(({ name }) => name === "scripted")).toMatchObject({
      failed: [{ path: "$.to", operand: "SCRIPTED", found: ['"ARCHIVE"'] }],
    });
    await expect(system.operate("explain", "text")).rejects.toThrow(
      "[invalid_payload] payload: payload must be a JSON object",
    );
    expect(await system.operate("listEvents", {}, { limit: 1 })).toMatchObject({
      items: [{ routed: true }],
      cursor: expect.any(String),
    });
    const destinations = await system.operate<DestinationState[]>("listDestinations");
    expect(destinations.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["SCRIPTED", "ARCHIVE", "HUB", "MISSING"]),
    );
  });

  test("gives the configuration as it is deployed, defaults and all", async () => {
    expect(await system.operate("getConfiguration")).toEqual(JSON.parse(JSON.stringify(parseRouteConfig(routing))));
  });

  test("every method answers, or says with its code what it was given", async () => {
    const answers = Object.keys(METHODS).map(async (method) => {
      const answer = await system.operate(method, "x").then(
        () => "answered",
        (error: Error) => /\[\w+\]/.exec(error.message)?.[0] ?? error.message,
      );
      return [method, answer];
    });
    const taken = ["catalogue", "getConfiguration", "listDestinations", "listPaused", "deployment", "tick", "find"];
    const others: Record<string, string> = {
      explain: "[invalid_payload]",
      getDestination: "[not_found]",
      pauseDestination: "[not_found]",
      resumeDestination: "[not_found]",
      ...Object.fromEntries(
        ["pauseKey", "resumeKey", "releaseKey", "setFlow", "resetFlow"].map((name) => [name, "[not_found]"]),
      ),
    };
    expect(Object.fromEntries(await Promise.all(answers))).toEqual(
      Object.fromEntries(
        Object.keys(METHODS).map((method) => [
          method,
          taken.includes(method) ? "answered" : (others[method] ?? "[invalid_arguments]"),
        ]),
      ),
    );
  });

  test("refused calls carry their code", async () => {
    await expect(system.operate("getDispatch", "x")).rejects.toThrow("[invalid_arguments] id: must be a UUID");
    await expect(system.operate("pauseDestination", "NOWHERE", "x")).rejects.toThrow(
      '[not_found] there is no destination "NOWHERE"',
    );
    await expect(system.operate("replayEvents", {}, { routing: "other" })).rejects.toThrow(
      "[invalid_arguments] options.routing",
    );
  });

  test("a producer's binding does not reach it", async () => {
    const env = await system.harness
      .getWorker<{ EVENTHUB: Record<string, () => Promise<unknown>> }>("producer")
      .getEnv();
    await expect(async () => env.EVENTHUB.listEvents?.()).rejects.toThrow("does not implement the method");
    await expect(async () => env.EVENTHUB.retryDispatches?.()).rejects.toThrow("does not implement the method");
  });
});

describe("a paused destination", () => {
  test("holds its dispatches, uses up no retries, bothers no other, and drains when resumed", async () => {
    expect(await system.operate("pauseDestination", "SINGLE", "upgrade")).toMatchObject({
      pausedBy: "operator",
      pauseReason: "upgrade",
    });
    const events = await emitted(Array.from({ length: 5 }, (_, n) => ({ to: "SINGLE", n })));
    const others = await emitted({ to: "SCRIPTED" });
    await reconciled(others);
    const waiting = await held(events, 1);
    expect(waiting.map(({ status, attempts, claims }) => [status, attempts, claims])).toEqual(
      Array(5).fill(["ongoing", 0, 0]),
    );
    expect(await system.reconcile()).toMatchObject({ requeued: 0, drained: 0, probed: 0 });
    expect(await system.operate("resumeDestination", "SINGLE")).toMatchObject({ pausedAt: null, draining: true });
    const rows = await reconciled(events);
    expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual(Array(5).fill(["complete", 1]));
    await eventually(async () => {
      await system.reconcile();
      const all = await system.operate<DestinationState[]>("listDestinations");
      return all.find(({ name }) => name === "SINGLE")?.draining === false ? true : undefined;
    }, "it is drained");
    const operations = await system.operate<Operation[]>("listOperations");
    expect(operations.slice(0, 2)).toMatchObject([
      { action: "resume_destination", affected: 5 },
      { action: "pause_destination", arguments: { name: "SINGLE", reason: "upgrade" } },
    ]);
  });
});

describe("a circuit breaker", () => {
  test("trips when all calls fail, probes with one dispatch, and closes when one succeeds", async () => {
    const [failing = ""] = await emitted({
      to: "BREAKER",
      script: [{ return: { result: "failed", reason: "HTTP 503" } }],
    });
    await system.settled(failing);
    expect(await system.reconcile()).toMatchObject({ tripped: 1, closed: 0, probed: 0 });
    const state = async () =>
      (await system.operate<DestinationState[]>("listDestinations")).find(({ name }) => name === "BREAKER");
    expect(await state()).toMatchObject({
      pausedBy: "breaker",
      pauseReason: "the last 4 calls all failed, the last one so: HTTP 503",
    });
    const [first = "", second = "", third = ""] = await emitted([
      { to: "BREAKER", script: [{ return: "failed" }, { return: "complete" }] },
      { to: "BREAKER" },
      { to: "BREAKER" },
    ]);
    await held([first, second, third], 1);
    // One is let through, fails, and is held again.
    const probed = () =>
      eventually(
        async () => ((await system.reconcile()).probed === 1 ? true : undefined),
        "a probe has been let through",
      );
    await probed();
    const tried = await eventually(async () => {
      const rows = await dispatchesOf([first, second, third]);
      return rows.find(
        ({ attempts, instance_id, status }) => attempts === 1 && (status !== "ongoing" || instance_id === null),
      );
    }, "the probe has been answered, and is final or held again");
    const calls = async () => (await Promise.all([first, second, third].map(system.calls))).flat().length;
    expect(await calls()).toBe(1);
    const [event] = await system.database.query<{ event_id: string }>(
      "select event_id from eventhub.dispatches where id = $1",
      [tried.id],
    );
    if (event?.event_id !== first) {
      // Any of them may be probed first; only the first one's script fails.
      expect(await system.reconcile()).toMatchObject({ closed: 1 });
    } else {
      expect(await state()).toMatchObject({ pausedBy: "breaker" });
      await probed();
      await eventually(async () => {
        const rows = await dispatchesOf([second, third]);
        return rows.some(({ status }) => status === "complete") ? true : undefined;
      }, "the second probe succeeded");
      expect(await calls()).toBe(2);
      expect(await system.reconcile()).toMatchObject({ closed: 1, tripped: 0 });
    }
    const rows = await reconciled([first, second, third]);
    expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual([
      ["complete", 2],
      ["complete", 1],
      ["complete", 1],
    ]);
    expect(await state()).toMatchObject({ pausedAt: null, pausedBy: null });
    const operations = await system.operate<Operation[]>("listOperations");
    expect(operations.slice(0, 2)).toMatchObject([
      { actor: "breaker", action: "resume_destination" },
      { actor: "breaker", action: "pause_destination", arguments: { name: "BREAKER" } },
    ]);
  });

  test("does not trip while some calls succeed, and never resumes what an operator has paused", async () => {
    await system.database.query("delete from eventhub.destinations where name = 'BREAKER'");
    const [event = ""] = await emitted({
      to: "BREAKER",
      script: [{ return: "failed" }, { return: "failed" }, { return: "complete" }],
    });
    await system.settled(event);
    expect(await system.reconcile()).toMatchObject({ tripped: 0 });
    await system.operate("pauseDestination", "BREAKER");
    // A call that was in flight ends well after the pause.
    await system.database.query(
      "update eventhub.executions x set finished_at = now() from eventhub.dispatches d where d.id = x.dispatch_id and d.event_id = $1 and x.result = 'complete'",
      [event],
    );
    expect(await system.reconcile()).toMatchObject({ closed: 0, probed: 0 });
    await system.operate("resumeDestination", "BREAKER");
  });
});

describe("the hub's own events", () => {
  const alerts = async (kind: string, id: string) =>
    (await system.calls()).filter(({ payload }) => payload.kind === kind && JSON.stringify(payload).includes(id));

  test("go through its own routes: by its cron, and by the next emit()", async () => {
    const failing = { to: "ALERTING", script: [{ return: { result: "failed", retry: false, reason: "no" } }] };
    const [event = ""] = await emitted(failing);
    const [dispatch] = await system.settled(event);
    await system.harness.getWorker("hub").scheduled({ cron: "* * * * *" });
    const [alert] = await eventually(async () => {
      const found = await alerts("eventhub.dispatch.failed", dispatch?.id ?? "");
      return found.length > 0 ? found : undefined;
    }, "the alert has arrived");
    expect(alert?.payload).toEqual({
      kind: "eventhub.dispatch.failed",
      dispatchId: dispatch?.id,
      eventId: event,
      destination: "ALERTING",
      route: "alerting",
      attempts: 1,
      reason: "no",
      at: dispatch?.resulted_at?.toISOString(),
    });
    const [again = ""] = await emitted(failing);
    const [second] = await system.settled(again);
    await emitted({ to: "nobody" });
    await eventually(async () => {
      const found = await alerts("eventhub.dispatch.failed", second?.id ?? "");
      return found.length === 1 ? true : undefined;
    }, "the next emit has routed it");
    // The earlier pause by the breaker was reported as well.
    expect(await alerts("eventhub.destination.paused", "BREAKER")).not.toEqual([]);
  });

  test("that nobody asked for leave nothing behind, and one about an own event is not made", async () => {
    const [event = ""] = await emitted({ to: "no retries", script: [{ return: "failed" }] });
    await system.settled(event);
    await system.operate("tick");
    const own = () =>
      system.database.query<{ id: string }>("select id from eventhub.events where own and payload->>'eventId' = $1", [
        event,
      ]);
    expect(await own()).toEqual([]);
    const [made] = await system.database.query<{ id: string }>(
      `with e as (insert into eventhub.events (id, payload, payload_bytes, own) values (eventhub.new_id(), '{"kind": "eventhub.x"}', 2, true) returning id)
       insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, next_attempt_at)
       select eventhub.new_id(), id, 'ALERTING', 'alerts', 0, '{"type":"constant","interval":0}', 30, now() + interval '1 day' from e returning id`,
    );
    const count = async () =>
      (await system.database.query<{ n: number }>("select count(*)::int as n from eventhub.events"))[0]?.n;
    const before = await count();
    await system.database.query("update eventhub.dispatches set status = 'failed', resulted_at = now() where id = $1", [
      made?.id,
    ]);
    expect(await count()).toBe(before);
  });
});

describe("eventhub.emit in SQL", () => {
  test("emits inside the producer's transaction, all or nothing, by a role that can do just this", async () => {
    const { database } = system;
    await database.query("create table orders (id int); grant insert on orders to eventhub_producer");
    const client = await database.pool.connect();
    try {
      const order = async (id: number, end: "commit" | "rollback") => {
        await client.query("begin; set local role eventhub_producer");
        await client.query("insert into orders values ($1)", [id]);
        const { rows } = await client.query<{ id: string }>("select eventhub.emit($1, $2) as id", [
          JSON.stringify({ to: "SCRIPTED", order: id }),
          `order-${id}`,
        ]);
        await client.query(end);
        return rows[0]?.id ?? "";
      };
      const lost = await order(1, "rollback");
      const kept = await order(2, "commit");
      expect(await order(2, "commit")).toBe(kept);
      expect(await database.query("select id from orders")).toEqual([{ id: 2 }, { id: 2 }]);
      expect(await database.query("select id from eventhub.events where id = $1", [lost])).toEqual([]);
      await system.operate("tick");
      expect(await system.settled(kept)).toMatchObject([
        { destination: "SCRIPTED", route: "scripted", status: "complete" },
      ]);
      expect((await system.calls(kept)).map(({ payload }) => payload)).toEqual([{ to: "SCRIPTED", order: 2 }]);
      // The same key over RPC is the same event.
      expect((await system.emit({ to: "SCRIPTED" }, { idempotencyKey: "order-2" })).events).toMatchObject([
        { id: kept, duplicate: true },
      ]);

      await client.query("set role eventhub_producer");
      const refused = (statement: string) => expect(client.query(statement)).rejects;
      await refused("select * from eventhub.events").toThrow("permission denied");
      await refused("delete from eventhub.dispatches").toThrow("permission denied");
      await refused("select eventhub.expire_rows('1 day')").toThrow("permission denied");
      await refused("select eventhub.emit('[1]')").toThrow(
        "[invalid_payload] payload must be a JSON object, got array",
      );
      await refused("select eventhub.emit('{}', '')").toThrow(
        "[invalid_options] idempotencyKey must have 1 to 255 characters",
      );
      await refused(`select eventhub.emit(jsonb_build_object('x', repeat('x', 1048576)))`).toThrow("[too_large]");
    } finally {
      await client.query("reset role");
      client.release();
    }
  });

  test("events that several Workers route at once get each dispatch once", async () => {
    const made = await system.database.query<{ id: string }>(
      `select eventhub.emit(jsonb_build_object('to', 'SCRIPTED', 'n', n)) as id from generate_series(1, 300) n`,
    );
    await Promise.all([1, 2, 3, 4].map(() => system.operate("tick")));
    const [counts] = await system.database.query(
      "select count(*)::int as n, count(distinct event_id)::int as events from eventhub.dispatches where event_id = any($1)",
      [made.map(({ id }) => id)],
    );
    expect(counts).toEqual({ n: 300, events: 300 });
    await reconciled(made.map(({ id }) => id));
  });
});
