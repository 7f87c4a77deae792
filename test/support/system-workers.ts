import { inject } from "vitest";
import type { createTestHarness } from "wrangler";
import type { TestWorkers } from "./build-test-workers.ts";
import { type ConfiguredWorker, consoleWorker } from "./console-worker.ts";
import type { TestDatabase } from "./database.ts";
import type { Faults } from "./faults.ts";

type Workers = NonNullable<Parameters<typeof createTestHarness>[0]>["workers"];

/** How a system differs from the usual one. */
export interface SystemOptions {
  /** The executor's RECONCILE_GRACE_SECONDS; default 0. */
  graceSeconds?: number;
  /** More variables of the executor. */
  executorVars?: Record<string, string>;
  /** Hub and executor with a queue and an engine that fail as planned; default false. */
  faulty?: boolean;
  /** With a hub whose events are defined; default false. */
  defined?: boolean;
  /** The name under which hub and executor have the queue; default the one that they want. */
  queueBinding?: string;
  /** Of the queue; default 20. */
  queueRetries?: number;
  /** False: the executor does not consume the queue; default true. */
  consumed?: boolean;
  /** More Workers, made with the means of the others. */
  more?: (means: Means) => Workers;
  /** With a console, on a port of its own, that has these variables. */
  console?: Record<string, string>;
}

/** What a Worker more is made of: variables that name the database, a queue of its own, and the scripts. */
export interface Means {
  vars: Record<string, string>;
  queueNamed: (name: string) => { binding: string; queue: string };
  script: typeof worker;
}

/** What the Workers of a system are made of. */
interface Parts extends SystemOptions {
  database: TestDatabase;
  faults: Faults;
}

/** The script of a Worker that is bundled already. */
const worker = (name: keyof TestWorkers) => ({
  main: inject("workers")[name],
  no_bundle: true,
  compatibility_date: "2026-10-30",
});

/** The Workers of a system: a producer, the hub, the executor with its Workflow, and scripted consumers. The first one has the port. */
export function workersOf({
  database,
  faults,
  graceSeconds = 0,
  executorVars = {},
  faulty = false,
  defined = false,
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
        ...worker(defined ? "defined hub" : `${variant}hub`),
        vars,
        queues: { producers: [queue] },
      },
    },
    {
      config: {
        name: "executor",
        ...worker(`${variant}executor`),
        vars: { ...vars, ...executorVars, RECONCILE_GRACE_SECONDS: String(graceSeconds) },
        queues: {
          producers: [queue, ...["JOBS", "CE_JOBS"].map((binding) => ({ binding, queue: `jobs-${database.name}` }))],
          consumers: consumed
            ? [{ queue: queue.queue, max_batch_size: 100, max_batch_timeout: 0, max_retries: queueRetries }]
            : [],
        },
        workflows: [
          { name: "dispatch", binding: "DISPATCH", class_name: "Dispatch" },
          { name: "onboarding", binding: "ONBOARDING", class_name: "Onboarding", script_name: "consumers" },
          { name: "onboarding-ce", binding: "CE_ONBOARDING", class_name: "Onboarding", script_name: "consumers" },
          { name: "dispatch-own", binding: "EVENTHUB_WORKFLOW_OWN", class_name: "Dispatch" },
        ],
        services: [
          consumer("SCRIPTED", "Scripted"),
          consumer("SINGLE", "Scripted"),
          consumer("OWN", "Scripted"),
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
          consumer("BATCH", "ScriptedBatch"),
          consumer("MUTE", "Mute"),
          { binding: "HUB", service: "hub" },
          { binding: "OTHER_HUB", service: "hub" },
        ],
        r2_buckets: [
          { binding: "ARCHIVE", bucket_name: "archive" },
          { binding: "CE_ARCHIVE", bucket_name: "archive" },
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
        workflows: ["onboarding", "onboarding-ce"].map((name) => ({
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

/** The console, with Access' keys where a test says: `ACCESS_KEYS`. */
export function consoleOf(name: string, vars: Record<string, string>): ConfiguredWorker {
  return consoleWorker(name, vars, worker(vars.ACCESS_KEYS === undefined ? "console" : "console with keys"));
}
