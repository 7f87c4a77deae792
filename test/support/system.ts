import { fileURLToPath } from "node:url";
import { createTestHarness, type TestHarness } from "wrangler";
import type { EmitOptions, EmitResult } from "../../schema/contract.ts";
import type { Call } from "../workers/call.ts";
import { createDatabase, type TestDatabase } from "./database.ts";
import { eventually } from "./eventually.ts";
import { type Faults, openFaults } from "./faults.ts";

export { eventually };

/** The whole hub on a database of its own: a producer, the hub, the executor with its Workflow, and scripted consumers, in one workerd. */
export interface System {
  database: TestDatabase;
  /** What is to go wrong: of the database always, of queue and engine in a `faulty` system. */
  faults: Faults;
  harness: TestHarness;
  /** Emits over RPC, as a producer does. Throws the message that crossed. */
  emit(payload: unknown, options?: EmitOptions): Promise<EmitResult>;
  /** Emits one of the producer's values that JSON cannot carry. */
  emitOdd(name: string): Promise<EmitResult>;
  /** Calls any method of the producers' binding, with two empty objects. Throws the message that crossed. */
  callHub(method: string): Promise<unknown>;
  /** Calls a method of the hub's Operator entrypoint over RPC; its Dates come as text. Throws the message that crossed. */
  operate<T = Record<string, unknown>>(method: string, ...args: unknown[]): Promise<T>;
  /** One run of the executor's reconciling. */
  reconcile(): Promise<Record<string, number>>;
  /** The calls that the scripted consumers have had, of one event or all. */
  calls(eventId?: string): Promise<Call[]>;
  /** What reached the consumers by a queue or as a Workflow. */
  arrivals(): Promise<{ way: string; id: string; body: unknown }[]>;
  /** Waits until every dispatch of an event is final, and gives them in the order of their routes. */
  settled(eventId: string): Promise<DispatchRow[]>;
  dispatches(eventId: string): Promise<DispatchRow[]>;
  executions(dispatchId: string): Promise<ExecutionRow[]>;
  stop(): Promise<void>;
}

export interface DispatchRow {
  id: string;
  event_id: string;
  destination: string;
  route: string;
  status: string;
  generation: number;
  instance_id: string | null;
  workflow: string | null;
  claim: string | null;
  claims: number;
  attempts: number;
  next_attempt_at: Date;
  lease_until: Date | null;
  enqueues: number;
  nudges: number;
  fruitless_generations: number;
  alone: boolean;
  missing_since: Date | null;
  created_at: Date;
  resulted_at: Date | null;
  reason: string | null;
}

export interface ExecutionRow {
  attempt: number;
  result: string;
  reason: string | null;
  instance_id: string;
  started_at: Date;
  finished_at: Date;
}

const worker = (file: string) => fileURLToPath(new URL(`../workers/${file}`, import.meta.url));
const compatibility_date = "2026-10-30";

export interface SystemOptions {
  /** The executor's RECONCILE_GRACE_SECONDS; default 0. */
  graceSeconds?: number;
  /** More variables of the executor. */
  executorVars?: Record<string, string>;
  /** Hub and executor with a queue and an engine that fail as planned; default false. */
  faulty?: boolean;
  /** Of the queue; default 20. */
  queueRetries?: number;
}

export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const { graceSeconds = 0, executorVars = {}, faulty = false, queueRetries = 20 } = options;
  const database = await createDatabase();
  const faults = openFaults(database.name);
  const vars = {
    DATABASE_URL: database.url,
    DATABASE_ENDPOINT: database.endpoint,
    ...(faulty ? { CAMPAIGN_URL: faults.url } : {}),
  };
  const variant = faulty ? "faulty/" : "";
  const queue = { binding: "EVENTHUB_QUEUE", queue: `dispatches-${database.name}` };
  const consumer = (binding: string, entrypoint: string) => ({ binding, service: "consumers", entrypoint });
  const harness = createTestHarness({
    workers: [
      {
        config: {
          name: "producer",
          main: worker("producer.ts"),
          compatibility_date,
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
          main: worker(`${variant}hub.ts`),
          compatibility_date,
          vars,
          queues: { producers: [queue] },
        },
      },
      {
        config: {
          name: "executor",
          main: worker(`${variant}executor.ts`),
          compatibility_date,
          vars: { ...vars, ...executorVars, RECONCILE_GRACE_SECONDS: String(graceSeconds) },
          queues: {
            producers: [queue, ...["JOBS", "CE_JOBS"].map((binding) => ({ binding, queue: `jobs-${database.name}` }))],
            consumers: [{ queue: queue.queue, max_batch_size: 100, max_batch_timeout: 0, max_retries: queueRetries }],
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
          main: worker("consumers.ts"),
          compatibility_date,
          queues: { consumers: [{ queue: `jobs-${database.name}`, max_batch_timeout: 0 }] },
          workflows: ["onboarding", "onboarding-ce"].map((name) => ({
            name,
            binding: name.toUpperCase().replace("-", "_"),
            class_name: "Onboarding",
          })),
        },
      },
    ],
  });
  await harness.listen();

  const ask = async (path: string, body?: unknown) => {
    const response = await harness
      .getWorker("producer")
      .fetch(path, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });
    const answer = (await response.json()) as { error?: string } | null;
    if (response.status !== 200) throw new Error(answer?.error);
    return answer;
  };
  const dispatches = (eventId: string) =>
    database.query<DispatchRow>("select * from eventhub.dispatches where event_id = $1 order by id", [eventId]);

  return {
    database,
    faults,
    harness,
    emit: async (payload, options) => (await ask("/emit", { payload, options })) as EmitResult,
    emitOdd: async (name) => (await ask(`/emit-odd/${encodeURIComponent(name)}`)) as EmitResult,
    callHub: (method) => ask(`/hub/${method}`),
    operate: async <T>(method: string, ...args: unknown[]) => (await ask(`/operate/${method}`, args)) as T,
    reconcile: async () => (await ask("/reconcile")) as Record<string, number>,
    calls: async (eventId) => {
      const calls = (await ask("/calls")) as Call[];
      return eventId === undefined ? calls : calls.filter(({ context }) => context.eventId === eventId);
    },
    arrivals: async () => (await ask("/arrivals")) as unknown as { way: string; id: string; body: unknown }[],
    dispatches,
    settled: (eventId) =>
      eventually(async () => {
        const rows = await dispatches(eventId);
        return rows.every(({ status }) => status !== "ongoing") ? rows : undefined;
      }, `every dispatch of event ${eventId} is final`),
    executions: (dispatchId) =>
      database.query<ExecutionRow>(
        "select attempt, result, reason, instance_id, started_at, finished_at from eventhub.executions where dispatch_id = $1 order by attempt",
        [dispatchId],
      ),
    stop: async () => {
      await harness.close();
      await database.drop();
    },
  };
}
