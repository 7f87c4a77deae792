import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { emitErrorCode } from "../../schema/contract/index.ts";
import type { Problems } from "../../schema/contract/problems.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { readSetup } from "../../schema/queries/setup/find-silent-parts.ts";
import { FIRST_DAY, firstDayText } from "../../schema/vocabulary/first-day.ts";
import type { HEARTBEATS } from "../../schema/vocabulary/heartbeats.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import { insertHistory } from "../support/history.ts";
import { opsEnv, printed } from "../support/ops.ts";
import { type System, startSystem } from "../support/system.ts";
import { consoleOf, type Means } from "../support/system-workers.ts";

/** What a person sees who has deployed something wrongly, and where. The texts of the table FIRST_DAY are in test/unit/first-day.test.ts. */

const linesOf = (system: System, event: string) =>
  system.harness
    .getLogs()
    .flatMap(({ message }) => (message.startsWith("{") ? [JSON.parse(message) as Record<string, unknown>] : []))
    .filter((line) => line.event === event);

describe("Workers that are bound or set wrongly", () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ console: { LOCAL_ACTOR: "you" }, more });
  });
  afterAll(() => system?.stop());

  /** The answer to a producer's call. */
  async function answerOf(producer: string, path = "/emit", body: object | undefined = { payload: { kind: "a" } }) {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await system.harness.getWorker(producer).fetch(path, init);
    return ((await response.json()) as { error?: string }).error;
  }

  /** The text of a page of a console. */
  async function pageOf(console: string, path = "/") {
    const headers = { "Sec-Fetch-Site": "same-origin", Origin: "http://localhost" };
    const response = await system.harness.getWorker(console).fetch(`http://localhost${path}`, { headers });
    const text = (await response.text())
      .replaceAll(/<[^>]*>/g, "")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'");
    return { status: response.status, text };
  }

  test("a producer that is bound to the operators' entrypoint is told what to bind", async () => {
    expect(await answerOf("at-operator")).toBe(
      '[misconfigured] this binding leads to the hub\'s entrypoint Operator, which takes no events; a producer binds the hub itself: leave "entrypoint" out of { "binding": "EVENTHUB", "service": "eventhub-hub" }',
    );
  });

  test("a producer that is bound to the executor is told what to bind", async () => {
    expect(await answerOf("at-executor")).toBe(
      '[misconfigured] this binding leads to the executor, which takes no events; a producer binds the hub: { "binding": "EVENTHUB", "service": "eventhub-hub" }',
    );
  });

  test("without DATABASE_URL the producer and the operator are told, and the logs of both Workers say so", async () => {
    const told = `[misconfigured] ${firstDayText("no_database_url")}`;
    expect(await answerOf("at-unset")).toBe(told);
    expect(await answerOf("at-unset", "/operate/listEvents", [])).toBe(told);
    expect(await answerOf("at-unset", "/reconcile", undefined)).toBe(told);
    await system.harness.getWorker("hub-unset").scheduled({});
    expect(linesOf(system, "misconfigured").map(({ error }) => error)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("MisconfiguredError: [misconfigured] DATABASE_URL is not set; set"),
      ]),
    );
  });

  test("a Postgres of one's own without an endpoint is told as what to start or set", async () => {
    expect(await answerOf("at-local")).toBe(`[misconfigured] ${firstDayText("local_database")}`);
  });

  test("an executor without its Workflow says so in its log and to who calls it", async () => {
    expect(await answerOf("at-local", "/reconcile", undefined)).toBe(
      "[misconfigured] DISPATCH is not bound: bind the Workflow of the class that extends DispatchWorkflow to this Worker under this name",
    );
  });

  test("a hub without a route configuration says where one belongs", async () => {
    expect(await answerOf("at-unrouted")).toBe(`[misconfigured] ${firstDayText("no_routes_given")}`);
  });

  test("a console that is bound to the hub's default entrypoint says what to bind", async () => {
    const { status, text } = await pageOf("console-at-hub");
    expect(status).toBe(500);
    expect(text).toContain("The hub is not set up correctly");
    expect(text).toContain(firstDayText("console_not_at_operator"));
  });

  test("a console of an old compatibility date says which it needs", async () => {
    const { status, text } = await pageOf("console-old");
    expect(status).toBe(500);
    expect(text).toContain(firstDayText("old_compatibility_date"));
  });

  test("a producer of an older compatibility date reads the codes all the same", async () => {
    const told = (await answerOf("old-producer", "/emit", { payload: [[]] })) ?? "";
    expect(told).toContain("EmitError: [invalid_payload] events[0]: payload must be a JSON object, got an array");
    expect(emitErrorCode(new Error(told))).toBe("invalid_payload");
  });
});

/** Further Workers, each with one mistake, and a producer for each. */
function more({ vars, queueNamed, script }: Means) {
  const producer = (name: string, service: string, others: object = {}, entrypoint?: string) => ({
    config: {
      name,
      ...script("producer"),
      services: [
        { binding: "EVENTHUB", service, ...(entrypoint === undefined ? {} : { entrypoint }) },
        { binding: "OPERATOR", service: service.startsWith("hub") ? service : "hub", entrypoint: "Operator" },
        { binding: "EXECUTOR", service: service === "hub-unset" ? "executor-unset" : "executor-unbound" },
      ],
      ...others,
    },
  });
  const hub = (name: string, variables: object, main: "hub" | "unrouted hub" = "hub") => ({
    config: { name, ...script(main), vars: { ...variables }, queues: { producers: [queueNamed(name)] } },
  });
  const { config: consoleConfig } = consoleOf("console-at-hub", { LOCAL_ACTOR: "you" });
  const old = consoleOf("console-old", { LOCAL_ACTOR: "you" });
  return [
    producer("at-operator", "hub", {}, "Operator"),
    producer("at-executor", "executor"),
    producer("at-unset", "hub-unset"),
    producer("at-local", "hub-local"),
    producer("at-unrouted", "hub-unrouted"),
    producer("old-producer", "hub", { compatibility_date: "2026-04-20" }),
    hub("hub-unset", {}),
    hub("hub-local", { DATABASE_URL: "postgresql://u:p@127.0.0.1:5432/db" }),
    hub("hub-unrouted", vars, "unrouted hub"),
    {
      config: {
        name: "executor-unset",
        ...script("executor"),
        queues: { producers: [queueNamed("executor-unset")] },
        workflows: [{ name: "dispatch-unset", binding: "DISPATCH", class_name: "Dispatch" }],
      },
    },
    {
      config: { name: "executor-unbound", ...script("executor"), vars, queues: { producers: [queueNamed("unbound")] } },
    },
    { config: { ...consoleConfig, services: [{ binding: "OPERATOR", service: "hub" }] } },
    { config: { ...old.config, compatibility_date: "2024-04-02" } },
  ];
}

describe("a queue that nobody consumes", () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ consumed: false });
  });
  afterAll(() => system?.stop());

  test("is told by the log of the executor's and the hub's cron, and among the problems", async () => {
    await system.emit({ to: "SCRIPTED" });
    expect(await system.operate<Problems>("problems")).toMatchObject({ setup: [] });
    await system.reconcile();
    expect(await system.database.query("select enqueues from eventhub.dispatches")).toEqual([{ enqueues: 2 }]);
    // Four minutes later.
    await system.database.query(
      "update eventhub.heartbeats set at = at - interval '4 minutes' where name in ('queue', 'resent')",
    );
    const message = firstDayText("queue_unconsumed");
    const { setup } = await system.operate<Problems>("problems");
    expect(setup).toEqual([{ fault: "queue_unconsumed", since: expect.any(String), ...FIRST_DAY.queue_unconsumed }]);
    await system.harness.getWorker("hub").scheduled({});
    expect(linesOf(system, "setup.faulty")).toEqual([
      { event: "setup.faulty", fault: "queue_unconsumed", since: setup[0]?.since, error: message },
    ]);
    await system.reconcile();
    expect(linesOf(system, "setup.faulty")).toHaveLength(2);
    expect(await printed(opsEnv(system.database), "problems")).toContain(`at least: ${message}`);
  });
});

test("a queue whose consumer finds no Workflow is consumed, and a cron that ran is not silent", async () => {
  const system = await startSystem();
  try {
    await system.emit({ to: "UNBOUND" });
    await system.reconcile();
    const beat = "select at from eventhub.heartbeats where name = 'queue' and at > now() - interval '1 minute'";
    await system.database.query("update eventhub.heartbeats set at = '-infinity'");
    await system.reconcile();
    await eventually(async () => (await system.database.query(beat))[0], "the executor has had what was sent again");
    await system.harness.getWorker("hub").scheduled({});
    const { setup } = await system.operate<Problems>("problems");
    expect(setup).toEqual([]);
  } finally {
    await system.stop();
  }
});

describe("what Postgres says of a deployment", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database?.drop());

  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  /** Sets the heartbeats back, in minutes. */
  const beats = async (minutes: Partial<Record<(typeof HEARTBEATS)[number], number>>) => {
    for (const [name, ago] of Object.entries(minutes)) {
      const at = "update eventhub.heartbeats set at = now() - make_interval(mins => $2) where name = $1";
      await database.query(at, [name, ago]);
    }
  };
  const faults = async () => (await openDatabase(database).run(readSetup())).map(({ fault }) => fault);

  beforeEach(async () => {
    await database.clear();
    await database.query("update eventhub.heartbeats set sleeps = false, next_at = null");
    await beats({ hub: 0, executor: 0, queue: 60, resent: 60 });
  });

  /** Inserts a dispatch that was sent again four minutes ago, and that nobody has claimed. */
  async function sentAgain() {
    await insertHistory(database, [{ status: "ongoing", at: ago(10) }]);
    await database.query("update eventhub.dispatches set enqueues = 3");
    await beats({ resent: 4 });
  }

  /** Inserts a dispatch that was enqueued this many minutes ago, and an attempt of it. */
  async function delivered({
    enqueued,
    finished,
    attempt = 1,
  }: Record<"enqueued" | "finished", number> & { attempt?: number }) {
    const [past] = await insertHistory(database, [
      { status: "complete", at: ago(enqueued), resultedAt: ago(finished) },
    ]);
    await database.query(
      "insert into eventhub.executions (dispatch_id, attempt, result, instance_id, started_at, finished_at) select $1, $2, 'complete', 'i', at, at from (select now() - make_interval(mins => $3) as at) x",
      [past?.id, attempt, finished],
    );
    return past?.id;
  }

  test("before anything was emitted, nothing is missed", async () => {
    await beats({ hub: 60, executor: 60 });
    expect(await faults()).toEqual([]);
  });

  test("a cron is silent after ten minutes of use", async () => {
    await beats({ hub: 60, executor: 60 });
    await insertHistory(database, [{ status: "complete", at: ago(9) }]);
    expect(await faults()).toEqual([]);
    await database.clear();
    await insertHistory(database, [{ status: "complete", at: ago(11) }]);
    expect(await faults()).toEqual(["executor_silent", "hub_silent"]);
    await beats({ hub: 9 });
    expect(await faults()).toEqual(["executor_silent"]);
  });

  test("a hub that sleeps is not dead: nothing is missed until something is emitted, or what it has armed has not come", async () => {
    const emitted = (minutes: number) =>
      database.query(
        "insert into eventhub.events (id, payload, payload_bytes, created_at) select eventhub.uuid_at(at), '{}', 2, at from (select now() - make_interval(mins => $1) as at) x",
        [minutes],
      );
    await emitted(120);
    await beats({ hub: 60, executor: 60 });
    await database.query("update eventhub.heartbeats set sleeps = true");
    expect(await faults()).toEqual([]);
    await database.query("update eventhub.heartbeats set next_at = now() + interval '1 day' where name = 'executor'");
    expect(await faults()).toEqual([]);
    await database.query(
      "update eventhub.heartbeats set next_at = now() - interval '11 minutes' where name = 'executor'",
    );
    expect(await faults()).toEqual(["executor_silent"]);
    await beats({ executor: 0 });
    await database.query("update eventhub.heartbeats set next_at = null");
    await beats({ executor: 60 });
    await emitted(9);
    expect(await faults()).toEqual([]);
    await emitted(11);
    expect(await faults()).toEqual(["executor_silent", "hub_silent"]);
  });

  test("nobody takes messages if what was sent again was not taken", async () => {
    await sentAgain();
    expect(await faults()).toEqual(["queue_unconsumed"]);
  });

  test.each<[string, () => Promise<unknown>]>([
    ["the executor has had such a message since", () => beats({ queue: 3 })],
    ["it was sent for the first time only", () => database.query("update eventhub.dispatches set enqueues = 1")],
    ["it was sent again just now", () => beats({ resent: 2 })],
    [
      "an instance has claimed it",
      () => database.query("update eventhub.dispatches set instance_id = 'i', workflow = 'DISPATCH'"),
    ],
    [
      "its destination is paused",
      () => database.query("insert into eventhub.destinations (name, paused_at) values ('SCRIPTED', now())"),
    ],
    ["what was enqueued since has been delivered", () => delivered({ enqueued: 3, finished: 2 })],
  ])("but not if %s", async (_, change) => {
    await sentAgain();
    await change();
    expect(await faults()).toEqual([]);
  });

  test.each<[string, () => Promise<unknown>]>([
    ["a call was in flight when the consumer went", () => delivered({ enqueued: 6, finished: 3 })],
    ["what was taken before is tried again and again", () => delivered({ enqueued: 60, finished: 1, attempt: 7 })],
    [
      "a destination with limits delivers, which needs no message",
      async () => {
        const id = await delivered({ enqueued: 3, finished: 1 });
        await database.query("update eventhub.dispatches set flow_key = '' where id = $1", [id]);
      },
    ],
    [
      "messages were taken for a while since, and no longer",
      async () => {
        await beats({ resent: 40 });
        await delivered({ enqueued: 30, finished: 29 });
      },
    ],
  ])("and that nobody takes messages is not hidden where %s", async (_, change) => {
    await sentAgain();
    await change();
    expect(await faults()).toEqual(["queue_unconsumed"]);
  });

  describe("of what has been overdue for a quarter of an hour, whatever the reason", () => {
    beforeEach(async () => {
      await insertHistory(database, [{ status: "ongoing", at: ago(20) }]);
      await database.query("update eventhub.dispatches set instance_id = 'i', workflow = 'DISPATCH'");
    });

    test("nothing is delivered if no attempt was recorded", async () => {
      expect(await faults()).toEqual(["nothing_delivered"]);
      await delivered({ enqueued: 30, finished: 16 });
      const [found] = await openDatabase(database).run(readSetup());
      expect(Math.round((Date.now() - Number(found?.since)) / 60_000)).toBe(16);
    });

    test("nothing is delivered of destinations with limits if nobody looks after them", async () => {
      await database.query(
        "update eventhub.dispatches set flow_key = '', waiting = true, instance_id = null, workflow = null",
      );
      expect(await faults()).toEqual(["nothing_delivered"]);
    });

    test("if the reason is known, only the reason is reported", async () => {
      await beats({ executor: 60 });
      expect(await faults()).toEqual(["executor_silent"]);
    });

    test.each<[string, () => Promise<unknown>]>([
      ["something else is delivered", () => delivered({ enqueued: 30, finished: 14 })],
      [
        "its call is under way",
        () => database.query("update eventhub.dispatches set lease_until = now() + interval '1 minute'"),
      ],
      [
        "it became due later",
        () => database.query("update eventhub.dispatches set next_attempt_at = now() - interval '14 minutes'"),
      ],
      [
        "its destination is paused",
        () => database.query("insert into eventhub.destinations (name, paused_at) values ('SCRIPTED', now())"),
      ],
    ])("nothing is missed if %s", async (_, change) => {
      await change();
      expect(await faults()).toEqual([]);
    });
  });
});
