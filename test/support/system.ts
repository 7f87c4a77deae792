import { createTestHarness, type TestHarness } from "wrangler";
import type { EmitOptions, EmitResult } from "../../schema/contract/index.ts";
import type { Call } from "../workers/call.ts";
import { createDatabase, type TestDatabase } from "./database.ts";
import { eventually } from "./eventually.ts";
import { type Faults, openFaults } from "./open-faults.ts";
import { type SystemOptions, workersOf } from "./system-workers.ts";

export { eventually };

/** The whole hub on a database of its own: a producer, the hub, the executor with its Workflow, and scripted consumers, in one workerd. */
export interface System {
  database: TestDatabase;
  /** The planned faults: of the database in every system, of queue and engine in a `faulty` one. */
  faults: Faults;
  harness: TestHarness;
  /** The address of its first Worker: the console, if there is one. */
  origin: string;
  /**
   * Emits over RPC, as a producer does.
   *
   * @throws Error with the message that came over RPC.
   */
  emit(payload: unknown, options?: EmitOptions): Promise<EmitResult>;
  /** Emits one of the producer's values that JSON cannot express. */
  emitOdd(name: string): Promise<EmitResult>;
  /**
   * Emits payloads given as JSON text, which the producer parses. So it can also emit numbers that JavaScript cannot write.
   *
   * @throws Error with the message that came over RPC.
   */
  emitText(payload: string): Promise<EmitResult>;
  /**
   * Calls any method of the producers' binding, with two empty objects if nothing is given.
   *
   * @throws Error with the message that came over RPC.
   */
  callHub(method: string, ...args: unknown[]): Promise<unknown>;
  /**
   * Calls a method of the hub's entrypoint `Operator` over RPC. Dates come as text.
   *
   * @throws Error with the message that came over RPC.
   */
  operate<T = Record<string, unknown>>(method: string, ...args: unknown[]): Promise<T>;
  /** Runs the executor's reconciling once. */
  reconcile(): Promise<Record<string, number>>;
  /** The class of each of the executor's bindings in workerd, by its name. */
  bindingClasses(): Promise<Record<string, string>>;
  /** The calls that the scripted consumers have received, for one event or for all. */
  calls(eventId?: string): Promise<Call[]>;
  /** What has reached the consumers through a queue or as a Workflow. */
  arrivals(): Promise<{ way: string; id: string; body: unknown }[]>;
  /** Waits until every dispatch of an event is final. Returns them in the order of their routes. */
  settled(eventId: string): Promise<DispatchRow[]>;
  /** The same for several events, in their order, with one query for all of them. */
  settledEach(events: readonly { id: string }[]): Promise<DispatchRow[][]>;
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
  group_limit: number | null;
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

/** A request must not come on a connection that workerd is just closing, as it does after 5 idle seconds: a busy machine notices that late. */
const FRESH = { Connection: "close" };

export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const database = await createDatabase();
  const faults = openFaults(database.name);
  const harness = createTestHarness({ workers: workersOf({ database, faults, ...options }) });
  const { url } = await harness.listen();

  const ask = (path: string, body?: unknown) => send(path, body === undefined ? undefined : JSON.stringify(body));
  const send = async (path: string, body: string | undefined) => {
    const response = await harness
      .getWorker("producer")
      .fetch(path, { headers: FRESH, ...(body === undefined ? {} : { method: "POST", body }) });
    const answer = (await response.json()) as { error?: string } | null;
    if (response.status !== 200) throw new Error(answer?.error);
    return answer;
  };
  const dispatches = (eventId: string) =>
    database.query<DispatchRow>("select * from eventhub.dispatches where event_id = $1 order by id", [eventId]);
  const settledEach = (events: readonly { id: string }[]) => {
    const ids = events.map(({ id }) => id);
    return eventually(
      async () => {
        const rows = await database.query<DispatchRow>(
          "select * from eventhub.dispatches where event_id = any ($1) order by id",
          [ids],
        );
        if (rows.some(({ status }) => status === "ongoing")) return undefined;
        const of = Map.groupBy(rows, ({ event_id }) => event_id);
        return ids.map((id) => of.get(id) ?? []);
      },
      `every dispatch of ${ids.length === 1 ? `event ${ids[0]}` : `${ids.length} events`} is final`,
    );
  };

  return {
    database,
    faults,
    harness,
    origin: url.origin,
    emit: async (payload, options) => (await ask("/emit", { payload, options })) as EmitResult,
    emitOdd: async (name) => (await ask(`/emit-odd/${encodeURIComponent(name)}`)) as EmitResult,
    emitText: async (payload) => (await send("/emit", `{"payload":${payload}}`)) as EmitResult,
    callHub: (method, ...args) => ask(`/hub/${method}`, args.length === 0 ? undefined : args),
    operate: async <T>(method: string, ...args: unknown[]) => (await ask(`/operate/${method}`, args)) as T,
    reconcile: async () => (await ask("/reconcile")) as Record<string, number>,
    bindingClasses: async () => (await ask("/binding-classes")) as Record<string, string>,
    calls: async (eventId) => {
      const calls = (await ask("/calls")) as Call[];
      return eventId === undefined ? calls : calls.filter(({ context }) => context.eventId === eventId);
    },
    arrivals: async () => (await ask("/arrivals")) as unknown as { way: string; id: string; body: unknown }[],
    dispatches,
    settled: async (eventId) => (await settledEach([{ id: eventId }])).flat(),
    settledEach,
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
