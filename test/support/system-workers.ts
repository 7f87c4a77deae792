import { inject } from "vitest";
import type { createTestHarness } from "wrangler";
import type { TestWorkers } from "./build-test-workers.ts";
import { type ConfiguredWorker, consoleWorker } from "./console-worker.ts";
import type { TestDatabase } from "./database.ts";
import type { Faults } from "./open-faults.ts";

type Workers = NonNullable<Parameters<typeof createTestHarness>[0]>["workers"];

/** How a system differs from the usual one. */
export interface SystemOptions {
  /** The executor's RECONCILE_GRACE_SECONDS; default 0. */
  graceSeconds?: number;
  /** More variables of the hub. */
  hubVars?: Record<string, string>;
  /** Whether the hub has its alarm, with the executor's grace. Default false: tests reconcile when they want to. */
  alarm?: boolean;
  /** More variables of the executor. */
  executorVars?: Record<string, string>;
  /** Whether hub and executor have a queue and an engine that fail as planned; default false. */
  faulty?: boolean;
  /** Whether the hub has defined events; default false. */
  defined?: boolean;
  /** Whether the hub has many routes with long names; default false. */
  crowded?: boolean;
  /** The name of the queue's binding in hub and executor; default: the usual one. */
  queueBinding?: string;
  /** The queue's retries; default 20. */
  queueRetries?: number;
  /** Whether the executor consumes the queue; default true. */
  consumed?: boolean;
  /** Further Workers, made of the same parts as the others. */
  more?: (means: Means) => Workers;
  /** The variables of a console, which gets a port of its own; default: no console. */
  console?: Record<string, string>;
}

/** The parts of a further Worker: variables that name the database, a queue of its own, and the scripts. */
export interface Means {
  vars: Record<string, string>;
  queueNamed: (name: string) => { binding: string; queue: string };
  script: typeof worker;
}

/** Everything that the Workers of a system are made of. */
interface Parts extends SystemOptions {
  database: TestDatabase;
  faults: Faults;
}

/** The script of a Worker that is already bundled. */
const worker = (name: keyof TestWorkers) => ({
  main: inject("workers")[name],
  no_bundle: true,
  compatibility_date: "2026-10-30",
});

/** The Workers of a system: a producer, the hub, the executor with its Workflow, and scripted consumers. The first one gets the port. */
export function workersOf({
  database,
  faults,
  graceSeconds = 0,
  hubVars = {},
  alarm = false,
  executorVars = {},
  faulty = false,
  defined = false,
  crowded = false,
  queueBinding = "EVENTHUB_QUEUE",
  queueRetries = 20,
  consumed = true,
  more = () => [],
  console,
}: Parts): Workers {
  const vars = {
    DATABASE_URL: database.url,
    DATABASE_ENDPOINT: database.endpoint,
    ...(faulty ? { CAMPAIGN_URL: faults.url } : {}),
  };
  const grace = { RECONCILE_GRACE_SECONDS: String(graceSeconds) };
  const alarmOf = (script?: string) =>
    !alarm
      ? {}
      : {
          durable_objects: {
            bindings: [
              { name: "EVENTHUB_ALARM", class_name: "Alarm", ...(script === undefined ? {} : { script_name: script }) },
            ],
          },
          ...(script === undefined ? { migrations: [{ tag: "v1", new_sqlite_classes: ["Alarm"] }] } : {}),
        };
  const variant = faulty ? "faulty " : "";
  const queue = { binding: queueBinding, queue: `dispatches-${database.name}` };
  const consumer = (binding: string, entrypoint: string) => ({ binding, service: "consumers", entrypoint });
  return [
    ...(console === undefined ? [] : [consoleOf("console", console)]),
    {
      config: {
        name: "producer",
        ...worker("producer"),
        services: [
          { binding: "EVENTHUB", service: "hub" },
          { binding: "OPERATOR", service: "hub", entrypoint: "Operator", props: { actor: "the tests" } },
          { binding: "EXECUTOR", service: "executor" },
          { binding: "CONSUMERS", service: "consumers" },
        ],
      },
    },
    {
      config: {
        name: "hub",
        ...worker(crowded ? "crowded hub" : defined ? "defined hub" : `${variant}hub`),
        vars: { ...vars, ...(alarm ? grace : {}), ...hubVars },
        queues: { producers: [queue] },
        ...alarmOf(),
      },
    },
    {
      config: {
        name: "executor",
        ...worker(`${variant}executor`),
        vars: { ...vars, ...executorVars, ...grace },
        ...alarmOf("hub"),
        queues: {
          producers: [
            queue,
            ...["JOBS", "CE_JOBS", "CTX_JOBS", "LIMITED_JOBS"].map((binding) => ({
              binding,
              queue: `jobs-${database.name}`,
            })),
          ],
          consumers: consumed
            ? [{ queue: queue.queue, max_batch_size: 100, max_batch_timeout: 0, max_retries: queueRetries }]
            : [],
        },
        workflows: [
          { name: "dispatch", binding: "DISPATCH", class_name: "Dispatch" },
          { name: "onboarding", binding: "ONBOARDING", class_name: "Onboarding", script_name: "consumers" },
          { name: "onboarding-ce", binding: "CE_ONBOARDING", class_name: "Onboarding", script_name: "consumers" },
          { name: "onboarding-ctx", binding: "CTX_ONBOARDING", class_name: "Onboarding", script_name: "consumers" },
          {
            name: "onboarding-limited",
            binding: "LIMITED_ONBOARDING",
            class_name: "Onboarding",
            script_name: "consumers",
          },
          { name: "dispatch-own", binding: "EVENTHUB_WORKFLOW_OWN", class_name: "Dispatch" },
          { name: "dispatch-large", binding: "EVENTHUB_WORKFLOW_LARGE", class_name: "Dispatch" },
          { name: "dispatch-2-large", binding: "EVENTHUB_WORKFLOW_2_LARGE", class_name: "Dispatch" },
        ],
        services: [
          consumer("SCRIPTED", "Scripted"),
          consumer("SINGLE", "Scripted"),
          consumer("OWN", "Scripted"),
          consumer("LARGE", "Scripted"),
          consumer("LARGE_RATED", "Scripted"),
          consumer("CE_WORKER", "Scripted"),
          consumer("UNBOUND", "Scripted"),
          consumer("BREAKER", "Scripted"),
          consumer("ALERTING", "Scripted"),
          consumer("WORKER_AS_BUCKET", "Scripted"),
          consumer("RATED", "Scripted"),
          consumer("KEYED", "Scripted"),
          consumer("ORDERED", "Scripted"),
          consumer("HELD", "Scripted"),
          consumer("RATED_BATCH", "ScriptedBatch"),
          consumer("COOL_KEY", "Scripted"),
          consumer("COOL_ALL", "Scripted"),
          consumer("BATCH", "ScriptedBatch"),
          consumer("MUTE", "Mute"),
          { binding: "HUB", service: "hub" },
          { binding: "OTHER_HUB", service: "hub" },
          { binding: "LIMITED_HUB", service: "hub" },
        ],
        r2_buckets: [
          { binding: "ARCHIVE", bucket_name: "archive" },
          { binding: "CE_ARCHIVE", bucket_name: "archive" },
          { binding: "LIMITED_ARCHIVE", bucket_name: "archive" },
          { binding: "BUCKET_AS_WORKER", bucket_name: "archive" },
        ],
      },
    },
    {
      config: {
        name: "consumers",
        ...worker("consumers"),
        services: [{ binding: "EVENTHUB", service: "hub" }, consumer("NESTED", "Nested")],
        queues: { consumers: [{ queue: `jobs-${database.name}`, max_batch_timeout: 0 }] },
        workflows: ["onboarding", "onboarding-ce", "onboarding-limited"].map((name) => ({
          name,
          binding: name.toUpperCase().replace("-", "_"),
          class_name: "Onboarding",
        })),
      },
    },
    ...more({
      vars,
      queueNamed: (name) => ({ binding: "EVENTHUB_QUEUE", queue: `${name}-${database.name}` }),
      script: worker,
    }),
  ];
}

/** The console. It reads Access' keys from the address that a test sets in `ACCESS_KEYS`. */
export function consoleOf(name: string, vars: Record<string, string>): ConfiguredWorker {
  return consoleWorker(name, vars, worker(vars.ACCESS_KEYS === undefined ? "console" : "console with keys"));
}
