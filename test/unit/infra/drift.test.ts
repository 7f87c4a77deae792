import { globSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { type Destinations, EventHub } from "../../../infra/cloudflare/event-hub.ts";
import { DEFAULT_SCHEDULES } from "../../../schema/vocabulary/defaults.ts";
import { SETTINGS, type Setting, type WorkerName } from "../../../schema/vocabulary/settings.ts";
import routing from "../../../workers/routing.json" with { type: "json" };
import { type Registered, runProgram } from "../../support/pulumi.ts";
import { openBindings } from "../../support/pulumi-stack.ts";
import { type Binding, destinationOf, fromWrangler } from "../../support/wrangler-bindings.ts";
import { ROOT, readWranglerConfig } from "../../support/wrangler-config.ts";

/** A Worker's settings, by name. */
const settingsOf = (worker: WorkerName) =>
  Object.entries<Setting>(SETTINGS[worker]).map(([name, setting]) => ({ name, ...setting }));

const TEXTS: readonly Setting["kind"][] = ["secret", "variable", "json"];

/** Settings that reach a Worker in another way than by its wrangler configuration: secrets, and those that differ between stacks. */
const NOT_IN_WRANGLER = (["hub", "executor", "console", "metrics"] as const)
  .flatMap(settingsOf)
  .filter(({ kind }) => TEXTS.includes(kind))
  .map(({ name }) => name);

const hub = readWranglerConfig("workers/hub/wrangler.jsonc");
const executor = readWranglerConfig("workers/executor/wrangler.jsonc");
const operators = readWranglerConfig("workers/console/wrangler.jsonc");
const metrics = readWranglerConfig("workers/metrics/wrangler.jsonc");

/** What the executor binds for its destinations: everything but its own settings. */
const ownNames = settingsOf("executor").map(({ name }) => name);
const destinationBindings = fromWrangler(executor).filter(({ name }) => !ownNames.includes(name));

let resources: Registered[];
beforeAll(async () => {
  // The same destinations as in the executor's wrangler configuration, and everything that is optional.
  const destinations = Object.fromEntries(
    destinationBindings.map((binding) => [binding.name, destinationOf(binding)]),
  ) as Destinations;
  resources = await runProgram(
    () =>
      new EventHub<Destinations>("eventhub", {
        name: "eventhub",
        accountId: "account",
        databaseUrl: "postgresql://hub:password@host/eventhub",
        databaseEndpoint: "https://proxy.example/sql",
        reconcileGraceSeconds: 60,
        destinations,
        routes: Object.keys(destinations).map((destination) => ({ destination })),
        otlp: {
          endpoint: "https://otlp.example.com",
          headers: { authorization: "Bearer abc" },
          sampleRate: 0.1,
          environment: "production",
        },
        console: {
          access: { team: "acme", audience: "a".repeat(64), operators: ["@example.com"] },
          environment: { name: "production", color: "crimson", production: true, confirmAbove: 50 },
        },
        metrics: {
          token: "a-token-of-the-metrics",
          access: { team: "acme", audience: "b".repeat(64) },
          push: {
            endpoint: "https://otlp.example.com",
            headers: { authorization: "Bearer abc" },
            environment: "production",
          },
        },
      }),
  );
});

const inputsOf = (type: string, name: string) =>
  resources.find((resource) => resource.type.endsWith(`:${type}`) && resource.name === name)?.inputs ?? {};
const componentBindings = (worker: string): Binding[] => openBindings(inputsOf("WorkerVersion", worker).bindings);

const byName = (bindings: readonly Binding[]) => [...bindings].sort((a, b) => (a.name < b.name ? -1 : 1));

const BINDING_TYPES: Readonly<Record<string, string>> = {
  secret: "secret_text",
  variable: "plain_text",
  "durable object": "durable_object_namespace",
};

describe.each([
  { worker: "eventhub-hub", config: hub, settings: settingsOf("hub") },
  { worker: "eventhub-executor", config: executor, settings: settingsOf("executor") },
  { worker: "eventhub-console", config: operators, settings: settingsOf("console") },
  { worker: "eventhub-metrics", config: metrics, settings: settingsOf("metrics") },
])("$worker", ({ worker, config, settings }) => {
  const destinations = new Set(config === executor ? destinationBindings.map(({ name }) => name) : []);

  test("has the same bindings by the component and by wrangler", () => {
    const own = componentBindings(worker).filter(({ name }) => !NOT_IN_WRANGLER.includes(name));
    expect(byName(own)).toEqual(byName(fromWrangler(config)));
    expect(config.vars).toBeUndefined();
  });

  test("has the same settings by the component and by wrangler", () => {
    const { name, observability, subdomain } = inputsOf("Worker", worker);
    expect({ name, observability, subdomain }).toEqual({
      name: config.name,
      observability: config.observability,
      subdomain: { enabled: config.workers_dev },
    });
    expect(inputsOf("WorkerVersion", worker).compatibilityDate).toBe(config.compatibility_date);
  });

  test("has every binding that its settings name, of the right type, and otherwise only destinations", () => {
    const bound = componentBindings(worker).filter(({ name }) => !destinations.has(name));
    // The component gives the routes as a module, and nothing that belongs to the local stack.
    const asked = settings.filter(({ kind, local }) => kind !== "json" && local !== true);
    expect(byName(bound).map(({ name, type }) => [name, type])).toEqual(
      asked.map(({ name, kind }) => [name, BINDING_TYPES[kind] ?? kind]).sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
    );
    const wrangler = new Set([...fromWrangler(config).map(({ name }) => name), "DATABASE_URL"]);
    expect(settings.filter(({ name, required }) => required && !wrangler.has(name))).toEqual([]);
  });
});

test("the alarm's class has storage by the component and by wrangler", () => {
  expect(inputsOf("WorkerVersion", "eventhub-hub").exports).toEqual({
    Alarm: { type: "durable-object", storage: "sqlite" },
  });
  expect(inputsOf("WorkerVersion", "eventhub-executor").exports).toBeUndefined();
  expect(hub.migrations).toEqual([{ tag: "v1", new_sqlite_classes: ["Alarm"] }]);
});

test("the queue's consumer and the cron are the same by the component and by wrangler", () => {
  const [consumer] = executor.queues?.consumers ?? [];
  expect(inputsOf("Queue", "eventhub-dispatches").queueName).toBe(consumer?.queue);
  expect(inputsOf("QueueConsumer", "eventhub-dispatches")).toMatchObject({
    scriptName: executor.name,
    settings: {
      batchSize: consumer?.max_batch_size,
      maxWaitTimeMs: (consumer?.max_batch_timeout ?? Number.NaN) * 1_000,
      maxRetries: consumer?.max_retries,
    },
  });
  expect(DEFAULT_SCHEDULES).toEqual(executor.triggers?.crons);
});

test("the wrangler deployment binds each destination of its routes, except for intended gaps", () => {
  const bound = new Set(fromWrangler(executor).map(({ name }) => name));
  // A webhook has no binding, but a secret; its route waits for that.
  expect(Object.keys(routing.destinations).filter((name) => !bound.has(name))).toEqual(["WEBHOOK"]);
  const unbound = routing.routes.filter(({ destination, enabled }) => enabled !== false && !bound.has(destination));
  expect(unbound.map(({ name, destination }) => [name, destination])).toEqual([["purchases", "MISSING"]]);
});

test("only the console binds Operator, and the demo's producer binds only the hub", () => {
  const files = globSync("workers/**/*wrangler.jsonc", { cwd: ROOT });
  const binders = files.filter((file) =>
    readWranglerConfig(file).services?.some((one) => one.entrypoint === "Operator"),
  );
  expect(binders).toEqual(["workers/console/wrangler.jsonc"]);
  const demo = readWranglerConfig("workers/demo/wrangler.jsonc");
  expect(fromWrangler(demo).map(({ name }) => name)).toEqual(["EVENTHUB"]);
  expect(settingsOf("demo").map(({ name }) => name)).toEqual(["EVENTHUB", "DEMO_TOKEN"]);
});
