import { type Input, log, output, secret } from "@pulumi/pulumi";
import { afterEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import type { DestinationArgs, Destinations, EventHubArgs } from "../../../infra/cloudflare/event-hub.ts";
import { EventHub } from "../../../infra/cloudflare/event-hub.ts";
import { type Registered, runProgram, Secret } from "../../support/pulumi.ts";
import { openBindings } from "../../support/pulumi-stack.ts";

const DATABASE_URL = "postgresql://hub:s3cret-word@ep-1.neon.tech/eventhub";
const ACCOUNT = "0123456789abcdef0123456789abcdef";
const ORDERS = { kind: "worker", service: "orders" } as const;

/** A minimal EventHub, with `args` in place of its own. */
function program(args: Partial<EventHubArgs<Destinations>> = {}) {
  return new EventHub<Destinations>("eventhub", {
    name: "eventhub",
    accountId: ACCOUNT,
    databaseUrl: DATABASE_URL,
    destinations: { ORDERS },
    routes: [{ destination: "ORDERS" }],
    ...args,
  });
}

const deploy = (args?: Partial<EventHubArgs<Destinations>>) => runProgram(() => program(args));

/** The resource of a type, such as `WorkerVersion`, and a name. */
function find(resources: readonly Registered[], type: string, name: string): Registered {
  const found = resources.find((resource) => resource.type.endsWith(`:${type}`) && resource.name === name);
  if (found === undefined)
    throw new Error(`no ${type} ${name} among ${resources.map((one) => `${one.type} ${one.name}`)}`);
  return found;
}

/** The bindings of a Worker's version, by name. */
function bindingsOf(resources: readonly Registered[], worker: string): Record<string, Record<string, unknown>> {
  const list = openBindings(find(resources, "WorkerVersion", worker).inputs.bindings);
  return Object.fromEntries(list.map(({ name, ...binding }) => [String(name), binding]));
}

/** The route configuration that a Worker's version imports. */
async function configurationOf(resources: readonly Registered[], worker: string): Promise<unknown> {
  const modules = find(resources, "WorkerVersion", worker).inputs.modules as { name: string; contentBase64: string }[];
  const content = modules.find(({ name }) => name === "routing.js")?.contentBase64 ?? "";
  return ((await import(`data:text/javascript;base64,${content}`)) as { default: unknown }).default;
}

const short = ({ type, name }: { type: string; name: string }) => `${type.split(":").at(-1)} ${name}`;

afterEach(() => vi.restoreAllMocks());

describe("the resource graph", () => {
  test("is one component with a queue, two Workers, a Workflow, a consumer and two cron triggers", async () => {
    const resources = await deploy();
    expect(resources.map(short).sort()).toEqual([
      "EventHub eventhub",
      "Queue eventhub-dispatches",
      "QueueConsumer eventhub-dispatches",
      "Worker eventhub-executor",
      "Worker eventhub-hub",
      "WorkerVersion eventhub-executor",
      "WorkerVersion eventhub-hub",
      "WorkersCronTrigger eventhub-executor",
      "WorkersCronTrigger eventhub-hub",
      "WorkersDeployment eventhub-executor",
      "WorkersDeployment eventhub-hub",
      "Workflow eventhub-dispatch",
    ]);
    const { urn } = find(resources, "EventHub", "eventhub");
    expect(resources.filter((resource) => resource.urn !== urn).every(({ parent }) => parent === urn)).toBe(true);
  });

  test("names everything in the account after `name`, and puts every resource into the account", async () => {
    const resources = await deploy({ name: "shop-test", destinations: { ORDERS: { ...ORDERS, workflow: {} } } });
    const named = (type: string, name: string, key: string) => find(resources, type, name).inputs[key];
    expect(named("Worker", "eventhub-hub", "name")).toBe("shop-test-hub");
    expect(named("Worker", "eventhub-executor", "name")).toBe("shop-test-executor");
    expect(named("Queue", "eventhub-dispatches", "queueName")).toBe("shop-test-dispatches");
    expect(named("Workflow", "eventhub-dispatch", "workflowName")).toBe("shop-test-dispatch");
    expect(named("Workflow", "eventhub-dispatch-ORDERS", "workflowName")).toBe("shop-test-dispatch-ORDERS");
    const inAccount = resources.filter(({ type }) => !type.endsWith(":EventHub"));
    expect(inAccount.map(({ inputs }) => inputs.accountId)).toEqual(inAccount.map(() => ACCOUNT));
  });

  test("starts the executor's queue and cron only after its Workflows, which come after its script", async () => {
    const resources = await deploy({ destinations: { ORDERS: { ...ORDERS, workflow: { concurrency: 3 } } } });
    const names = new Map(resources.map((resource) => [resource.urn, short(resource)]));
    const waitsFor = (type: string, name: string) =>
      find(resources, type, name).dependencies.map((urn) => names.get(urn));
    for (const workflow of ["eventhub-dispatch", "eventhub-dispatch-ORDERS"]) {
      expect(waitsFor("Workflow", workflow)).toContain("WorkersDeployment eventhub-executor");
      expect(waitsFor("QueueConsumer", "eventhub-dispatches")).toContain(`Workflow ${workflow}`);
      expect(waitsFor("WorkersCronTrigger", "eventhub-executor")).toContain(`Workflow ${workflow}`);
    }
    expect(waitsFor("WorkersDeployment", "eventhub-hub")).toContain("WorkerVersion eventhub-hub");
    expect(waitsFor("WorkerVersion", "eventhub-hub")).toContain("Queue eventhub-dispatches");
    expect(waitsFor("WorkerVersion", "eventhub-executor")).toContain("Queue eventhub-dispatches");
    // Producers are served before anything is delivered, and the hub needs no other Worker.
    expect(waitsFor("WorkerVersion", "eventhub-hub")).not.toContain("WorkersDeployment eventhub-executor");
  });

  test("makes the executor's Worker with logs and tags, and sends all traffic to its newest version", async () => {
    const resources = await deploy({ tags: ["production"] });
    expect(find(resources, "Worker", "eventhub-executor").inputs).toMatchObject({
      observability: { enabled: true },
      subdomain: { enabled: false },
      tags: ["production"],
    });
    expect(find(resources, "WorkersDeployment", "eventhub-executor").inputs).toEqual({
      accountId: ACCOUNT,
      scriptName: "eventhub-executor",
      strategy: "percentage",
      versions: [{ percentage: 100, versionId: "WorkerVersion eventhub-executor" }],
    });
  });

  test("makes the executor the queue's consumer, with the configured cron or else a daily one", async () => {
    const resources = await deploy({ schedules: ["*/5 * * * *"] });
    expect(find(resources, "QueueConsumer", "eventhub-dispatches").inputs).toEqual({
      accountId: ACCOUNT,
      queueId: "Queue eventhub-dispatches",
      type: "worker",
      scriptName: "eventhub-executor",
      settings: { batchSize: 100, maxWaitTimeMs: 0, maxRetries: 20 },
    });
    expect(find(resources, "WorkersCronTrigger", "eventhub-executor").inputs).toMatchObject({
      scriptName: "eventhub-executor",
      schedules: [{ cron: "*/5 * * * *" }],
    });
    for (const worker of ["eventhub-executor", "eventhub-hub"]) {
      expect(find(await deploy(), "WorkersCronTrigger", worker).inputs).toMatchObject({
        scriptName: worker,
        schedules: [{ cron: "0 4 * * *" }],
      });
    }
  });

  test("binds what the Workers need, and each destination under its name", async () => {
    const resources = await deploy({
      destinations: {
        ORDERS: { ...ORDERS, entrypoint: "OrderConsumer" },
        ARCHIVE: { kind: "r2", bucket: output("the-bucket"), prefix: "events/" },
        SLOW: { kind: "worker", service: "slow", workflow: { concurrency: 2 } },
      },
      routes: [{ destination: "ORDERS" }, { destination: "ARCHIVE" }, { destination: "SLOW" }],
      databaseEndpoint: "https://proxy.example/sql",
      reconcileGraceSeconds: 120,
    });
    const database = {
      DATABASE_URL: { type: "secret_text", text: DATABASE_URL },
      DATABASE_ENDPOINT: { type: "plain_text", text: "https://proxy.example/sql" },
    };
    const queue = {
      EVENTHUB_QUEUE: { type: "queue", queueName: "eventhub-dispatches" },
      RECONCILE_GRACE_SECONDS: { type: "plain_text", text: "120" },
    };
    const alarm = { type: "durable_object_namespace", className: "Alarm" };
    expect(bindingsOf(resources, "eventhub-hub")).toEqual({ ...database, ...queue, EVENTHUB_ALARM: alarm });
    expect(bindingsOf(resources, "eventhub-executor")).toEqual({
      ...database,
      ...queue,
      EVENTHUB_ALARM: { ...alarm, scriptName: "eventhub-hub" },
      DISPATCH: { type: "workflow", workflowName: "eventhub-dispatch", className: "Dispatch" },
      EVENTHUB_WORKFLOW_SLOW: { type: "workflow", workflowName: "eventhub-dispatch-SLOW", className: "Dispatch" },
      ORDERS: { type: "service", service: "orders", entrypoint: "OrderConsumer" },
      ARCHIVE: { type: "r2_bucket", bucketName: "the-bucket" },
      SLOW: { type: "service", service: "slow" },
    });
  });

  test("gives hub and executor the collector's address, with the headers as a secret", async () => {
    const otlp = {
      endpoint: "https://otlp.example.com",
      headers: { authorization: output("Bearer a,b=c"), "x-scope": "1" },
      sampleRate: 0,
      environment: "production",
    };
    const resources = await deploy({ destinations: { ORDERS }, routes: [{ destination: "ORDERS" }], otlp });
    const both = {
      OTLP_ENDPOINT: { type: "plain_text", text: "https://otlp.example.com" },
      OTLP_HEADERS: { type: "secret_text", text: "authorization=Bearer%20a%2Cb%3Dc,x-scope=1" },
      ENVIRONMENT_NAME: { type: "plain_text", text: "production" },
    };
    const share = { OTLP_SAMPLE_RATE: { type: "plain_text", text: "0" } };
    expect(bindingsOf(resources, "eventhub-hub")).toMatchObject({ ...both, ...share });
    expect(bindingsOf(resources, "eventhub-executor")).toMatchObject(both);
    expect(bindingsOf(resources, "eventhub-executor")).not.toHaveProperty("OTLP_SAMPLE_RATE");
  });

  test("binds each kind of destination to its target, and webhooks' secrets as secrets", async () => {
    const shared = secret("whsec_c2hhcmVkLXNlY3JldC1vZi10aGUtd2ViaG9va3M=");
    const resources = await deploy({
      destinations: {
        WORKER: { kind: "worker", service: "w", batch: true },
        BUCKET: { kind: "r2", bucket: "b" },
        QUEUE: { kind: "queue", queue: "q" },
        WORKFLOW: { kind: "workflow", workflowName: "onboarding", className: "Onboarding", scriptName: "users" },
        OTHER_HUB: { kind: "hub", service: "other-hub" },
        HOOK: {
          kind: "webhook",
          url: "https://example.com/hook",
          secrets: { NEW: shared, OLD: "whsec_b2xkLXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==" },
        },
        HOOK_2: { kind: "webhook", url: "https://example.com/2", secrets: { NEW: shared }, headers: { "X-A": "1" } },
      },
      routes: ["WORKER", "BUCKET", "QUEUE", "WORKFLOW", "OTHER_HUB", "HOOK", "HOOK_2"].map((destination) => ({
        destination,
      })),
    });
    expect(bindingsOf(resources, "eventhub-executor")).toMatchObject({
      WORKER: { type: "service", service: "w" },
      BUCKET: { type: "r2_bucket", bucketName: "b" },
      QUEUE: { type: "queue", queueName: "q" },
      WORKFLOW: { type: "workflow", workflowName: "onboarding", className: "Onboarding", scriptName: "users" },
      OTHER_HUB: { type: "service", service: "other-hub" },
      NEW: { type: "secret_text", text: "whsec_c2hhcmVkLXNlY3JldC1vZi10aGUtd2ViaG9va3M=" },
      OLD: { type: "secret_text", text: "whsec_b2xkLXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==" },
    });
    const names = openBindings(find(resources, "WorkerVersion", "eventhub-executor").inputs.bindings).map(
      ({ name }) => name,
    );
    expect(names).toEqual([...new Set(names)]);
    expect(names).not.toContain("HOOK");
    expect(await configurationOf(resources, "eventhub-executor")).toMatchObject({
      destinations: {
        WORKER: { kind: "worker", batch: true },
        QUEUE: { kind: "queue" },
        WORKFLOW: { kind: "workflow" },
        OTHER_HUB: { kind: "hub" },
        HOOK: { kind: "webhook", url: "https://example.com/hook", secrets: ["NEW", "OLD"] },
        HOOK_2: { kind: "webhook", secrets: ["NEW"], headers: { "X-A": "1" } },
      },
    });
    expect(JSON.stringify(await configurationOf(resources, "eventhub-executor"))).not.toContain("whsec_");
  });

  test("sorts bindings by name, as the API returns them", async () => {
    const resources = await deploy({
      destinations: { z: ORDERS, A: ORDERS, m: ORDERS },
      routes: [{ destination: "z" }, { destination: "A" }, { destination: "m" }],
    });
    const names = Object.keys(bindingsOf(resources, "eventhub-executor"));
    expect(names).toEqual(["A", "DATABASE_URL", "DISPATCH", "EVENTHUB_ALARM", "EVENTHUB_QUEUE", "m", "z"]);
  });

  test("sets each Workflow's concurrency and retention, and a destination's own Workflow inherits the retention", async () => {
    const resources = await deploy({
      workflow: { concurrency: 500, retention: { success: "1 day", error: 604_800_000 } },
      destinations: {
        SLOW: { ...ORDERS, workflow: { concurrency: 2 } },
        BRIEF: { ...ORDERS, workflow: { retention: { success: 60_000 } } },
      },
      routes: [{ destination: "SLOW" }, { destination: "BRIEF" }],
    });
    const workflow = (name: string) => {
      const { className, scriptName, concurrency, defaultRetention } = find(resources, "Workflow", name).inputs;
      expect([className, scriptName]).toEqual(["Dispatch", "eventhub-executor"]);
      return { concurrency, defaultRetention };
    };
    const inherited = { successRetention: "1 day", errorRetention: 604_800_000 };
    expect(workflow("eventhub-dispatch")).toEqual({ concurrency: { limit: 500 }, defaultRetention: inherited });
    expect(workflow("eventhub-dispatch-SLOW")).toEqual({ concurrency: { limit: 2 }, defaultRetention: inherited });
    expect(workflow("eventhub-dispatch-BRIEF")).toEqual({
      concurrency: undefined,
      defaultRetention: { successRetention: 60_000 },
    });
  });

  test("makes several equal Workflows for a destination that asks for them, and the first keeps its name", async () => {
    const resources = await deploy({
      name: "shop",
      destinations: { ORDERS: { ...ORDERS, workflow: { count: 3, concurrency: 2 } } },
    });
    const bound = bindingsOf(resources, "eventhub-executor");
    const names = ["ORDERS", "2_ORDERS", "3_ORDERS"];
    for (const name of names) {
      const { workflowName, concurrency } = find(resources, "Workflow", `eventhub-dispatch-${name}`).inputs;
      expect([workflowName, concurrency]).toEqual([`shop-dispatch-${name}`, { limit: 2 }]);
      expect(bound[`EVENTHUB_WORKFLOW_${name}`]).toMatchObject({ type: "workflow", workflowName });
    }
    expect(resources.filter(({ type }) => type.endsWith(":Workflow"))).toHaveLength(4);
    expect(await configurationOf(resources, "eventhub-executor")).toMatchObject({
      destinations: { ORDERS: { workflow: names.map((name) => `EVENTHUB_WORKFLOW_${name}`) } },
    });
  });

  test("outputs what producers bind, and the names of the executor, the queue and the Workflow", async () => {
    let given: unknown;
    await runProgram(() => {
      const { producer, executor, queue, workflows } = program();
      output({ producer, executor, queue, workflows }).apply((values) => {
        given = values;
      });
    });
    expect(given).toEqual({
      producer: { service: "eventhub-hub" },
      executor: "eventhub-executor",
      queue: "eventhub-dispatches",
      workflows: { DISPATCH: "eventhub-dispatch" },
    });
  });

  test("lets a consumer be a destination and bind the hub to emit", async () => {
    let seen: Input<string> = "";
    const resources = await runProgram(() => {
      program({
        destinations: ({ service }) => {
          seen = service;
          return { ORDERS: { kind: "worker", service: output(service).apply((name) => `consumer-of-${name}`) } };
        },
      });
    });
    expect(await new Promise((resolve) => void output(seen).apply(resolve))).toBe("eventhub-hub");
    expect(bindingsOf(resources, "eventhub-executor").ORDERS).toMatchObject({ service: "consumer-of-eventhub-hub" });
    const deployment = find(resources, "WorkersDeployment", "eventhub-hub").urn;
    expect(find(resources, "WorkerVersion", "eventhub-executor").dependencies).toContain(deployment);
  });
});

describe("secrets", () => {
  test.each([
    ["a plain text", DATABASE_URL],
    ["a secret output", secret(DATABASE_URL)],
  ])("include the database URL given as %s, which is in plain text nowhere", async (_, databaseUrl) => {
    const resources = await deploy({ databaseUrl });
    for (const worker of ["eventhub-hub", "eventhub-executor"]) {
      expect(find(resources, "WorkerVersion", worker).inputs.bindings).toBeInstanceOf(Secret);
      expect(bindingsOf(resources, worker).DATABASE_URL).toEqual({ type: "secret_text", text: DATABASE_URL });
    }
    const open = JSON.stringify(resources, (_key, value) => (value instanceof Secret ? "secret" : value));
    expect(open).not.toContain("s3cret-word");
    const modules = resources.flatMap(({ inputs }) => (inputs.modules ?? []) as { contentBase64: string }[]);
    const contents = modules.map(({ contentBase64 }) => Buffer.from(contentBase64, "base64").toString());
    expect(contents).toHaveLength(4);
    expect(contents.join("\n")).not.toContain("s3cret-word");
  });
});

describe("the configuration", () => {
  test("reaches both Workers completely, as a module", async () => {
    const resources = await deploy({
      settings: {
        defaultRetryDelay: { type: "exponential", base: 2, max: 600 },
        defaultMaxRetries: 0,
        defaultDelaySeconds: 0,
        defaultTimeoutSeconds: 10,
        lostAfterSeconds: 7_200,
      },
      destinations: {
        ORDERS: { ...ORDERS, groupSize: 4, workflow: { concurrency: 1 } },
        ARCHIVE: { kind: "r2", bucket: "b", prefix: "p/" },
      },
      routes: [
        { name: "é\u2028`'\\", condition: { path: "$.n", gte: 0 }, destination: "ORDERS", maxRetries: 0 },
        { destination: "ARCHIVE" },
      ],
    });
    const expected = {
      defaultRetryDelay: { type: "exponential", base: 2, max: 600 },
      defaultMaxRetries: 0,
      defaultDelaySeconds: 0,
      defaultTimeoutSeconds: 10,
      lostAfterSeconds: 7_200,
      destinations: {
        ORDERS: { kind: "worker", groupSize: 4, workflow: "EVENTHUB_WORKFLOW_ORDERS" },
        ARCHIVE: { kind: "r2", prefix: "p/" },
      },
      routes: [
        { name: "é\u2028`'\\", condition: { path: "$.n", gte: 0 }, destination: "ORDERS", maxRetries: 0 },
        { destination: "ARCHIVE" },
      ],
    };
    expect(await configurationOf(resources, "eventhub-hub")).toEqual(expected);
    expect(await configurationOf(resources, "eventhub-executor")).toEqual(expected);
  });

  test("can have 10,000 routes and 2 MB", async () => {
    const routes = Array.from({ length: 10_000 }, (_, index) => ({
      name: `route ${index} ${"x".repeat(60)}`,
      condition: {
        allOf: [
          { path: "$.tenant.id", exact: `tenant-${index}` },
          { path: "$.order.total", gte: index },
        ],
      },
      destination: index % 2 === 0 ? "ORDERS" : "ARCHIVE",
    }));
    const size = JSON.stringify(routes).length;
    expect(size).toBeGreaterThan(2_000_000);
    const resources = await deploy({ destinations: { ORDERS, ARCHIVE: { kind: "r2", bucket: "b" } }, routes });
    for (const worker of ["eventhub-hub", "eventhub-executor"]) {
      const configuration = (await configurationOf(resources, worker)) as { routes: unknown };
      expect(configuration.routes).toEqual(routes);
    }
  });
});

describe("a warning", () => {
  test("names a declared destination without an enabled route", async () => {
    const warn = vi.spyOn(log, "warn").mockResolvedValue();
    await deploy({
      destinations: { ORDERS, IDLE: ORDERS, OFF: ORDERS },
      routes: [{ destination: "ORDERS" }, { destination: "OFF", enabled: false }],
    });
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      "destinations.IDLE: no enabled route names it",
      "destinations.OFF: no enabled route names it",
    ]);
  });
});

describe("the types", () => {
  test("allow settings with a default to be left out, and check those of each kind of destination", async () => {
    const destinations = {
      ORDERS: {
        kind: "worker",
        service: "orders",
        breaker: { failures: 3 },
        limits: [{ rate: { limit: 5, perSeconds: 1 } }, { key: "$.customer", concurrency: 2, weights: { acme: 4 } }],
        order: { key: "$.order", onFailure: "hold" },
        cooldown: "key",
      },
      BATCH: { kind: "worker", service: "orders", batch: true, groupSize: 50, format: "cloudevents" },
      HOOK: {
        kind: "webhook",
        url: "https://example.com/",
        secrets: { KEY: "whsec_bmV3LXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==" },
        drainPerSecond: 5,
      },
    } as const satisfies Destinations;
    const resources = await runProgram(
      () =>
        new EventHub("eventhub", {
          accountId: ACCOUNT,
          databaseUrl: DATABASE_URL,
          settings: { cloudEvents: { source: "/shop" }, retention: { payloadDays: 30 } },
          destinations,
          routes: [{ destination: "ORDERS" }, { destination: "BATCH" }, { destination: "HOOK" }],
        }),
    );
    expect(await configurationOf(resources, "eventhub-executor")).toMatchObject({
      destinations: {
        ORDERS: {
          kind: "worker",
          breaker: { failures: 3 },
          limits: [{ rate: { limit: 5, perSeconds: 1 } }, { key: "$.customer", concurrency: 2, weights: { acme: 4 } }],
          order: { key: "$.order", onFailure: "hold" },
          cooldown: "key",
        },
      },
    });
    type Of<K extends DestinationArgs["kind"]> = Extract<DestinationArgs, { kind: K }>;
    expectTypeOf<{ failures: number }>().toExtend<NonNullable<Of<"hub">["breaker"]>>();
    expectTypeOf<{ seconds: number }>().not.toExtend<NonNullable<Of<"hub">["breaker"]>>();
    expectTypeOf<{ key: string; onFailure: "skip" }>().toExtend<NonNullable<Of<"webhook">["order"]>>();
    expectTypeOf<{ key: string }>().not.toExtend<NonNullable<Of<"r2">["order"]>>();
    expectTypeOf<Of<"webhook">["url"]>().toEqualTypeOf<string>();
    expectTypeOf<{ kind: "r2"; bucket: string }>().toExtend<Of<"r2">>();
    expectTypeOf<{ kind: "webhook"; secrets: { KEY: string } }>().not.toExtend<Of<"webhook">>();
  });
});
