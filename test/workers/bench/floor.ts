import { WorkerEntrypoint, WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import { neon, neonConfig } from "@neondatabase/serverless";
import type { Consumer, HandleContext } from "../../../schema/contract/index.ts";
import { MAX_CALLS_IN_FLIGHT } from "../../../schema/vocabulary/limits.ts";
import type { FloorState } from "./protocol.ts";

interface Env {
  DATABASE_URL: string;
  DATABASE_ENDPOINT: string;
  EMPTY: Workflow;
  BARE_QUEUE: Queue;
  CONSUMER: Consumer;
}

const CONTEXT: HandleContext = {
  eventId: "01900000-0000-7000-8000-000000000001",
  dispatchId: "01900000-0000-7000-8000-000000000002",
  destination: "ONE",
  attempt: 1,
  maxAttempts: 6,
  emittedAt: new Date(0),
  idempotencyKey: "01900000-0000-7000-8000-000000000002",
  hops: 0,
};

const PAYLOAD = { kind: "order.paid", n: 17 };

/** The message and the instance of `chain`. */
const CHAIN = "chain";

const state: FloorState = { done: 0, lastAt: 0 };
const ended: string[] = [];

const note = (count: number): void => {
  state.done += count;
  state.lastAt = Date.now();
};

/** The most instances of one `createBatch`, and messages of one `sendBatch`. */
const BATCH = 100;

/** The platform's own parts, without our code: no hub on them can be faster. */
export default class extends WorkerEntrypoint<Env> {
  /** Creates instances whose only step does nothing. Returns the time of the start. */
  async workflows(count: number): Promise<number> {
    const startedAt = begin();
    for (let i = 0; i < count; i += BATCH) {
      const instances = Array.from({ length: Math.min(BATCH, count - i) }, () => ({ id: crypto.randomUUID() }));
      await this.env.EMPTY.createBatch({ instances });
    }
    return startedAt;
  }

  /** Sends messages that nobody processes. Returns the time of the start. */
  async messages(count: number): Promise<number> {
    const startedAt = begin();
    for (let i = 0; i < count; i += BATCH) {
      const messages = Array.from({ length: Math.min(BATCH, count - i) }, (_, n) => ({ body: { n: i + n } }));
      await this.env.BARE_QUEUE.sendBatch(messages);
    }
    return startedAt;
  }

  /** Sends `select 1` to the database's endpoint. Returns the time of the start. */
  async roundTrips(count: number, connections: number): Promise<number> {
    const sql = databaseOf(this.env);
    const startedAt = begin();
    let left = count;
    const connection = async () => {
      while (left-- > 0) {
        await sql`select 1`;
        note(1);
      }
    };
    await Promise.all(Array.from({ length: connections }, connection));
    return startedAt;
  }

  /** Calls a consumer's `handle` with a small payload, 16 at once. Returns the time of the start. */
  async calls(count: number): Promise<number> {
    const startedAt = begin();
    for (let left = count; left > 0; left -= MAX_CALLS_IN_FLIGHT) {
      const calls = Array.from({ length: Math.min(MAX_CALLS_IN_FLIGHT, left) }, () =>
        this.env.CONSUMER.handle(PAYLOAD, CONTEXT),
      );
      note((await Promise.all(calls)).length);
    }
    return startedAt;
  }

  /**
   * What one event needs of any hub that keeps it in Postgres and delivers it from a Workflow step: a statement, a message, an instance with a step,
   * and in it a statement, a call and a statement. Returns the time of the start.
   */
  async chain(): Promise<number> {
    const startedAt = begin();
    await databaseOf(this.env)`select 1`;
    await this.env.BARE_QUEUE.send(CHAIN);
    return startedAt;
  }

  async state(): Promise<FloorState> {
    return state;
  }

  async forget(): Promise<void> {
    while (ended.length > 0) await this.env.EMPTY.deleteBatch(ended.splice(0, BATCH));
  }

  override async queue(batch: MessageBatch): Promise<void> {
    batch.ackAll();
    if (batch.messages.some(({ body }) => body === CHAIN)) {
      await this.env.EMPTY.create({ params: CHAIN });
      return;
    }
    note(batch.messages.length);
  }
}

export class Empty extends WorkflowEntrypoint<Env> {
  override async run(event: Readonly<WorkflowEvent<unknown>>, step: WorkflowStep): Promise<void> {
    await step.do("empty", async () => {
      if (event.payload !== CHAIN) return;
      const sql = databaseOf(this.env);
      await sql`select 1`;
      await this.env.CONSUMER.handle(PAYLOAD, CONTEXT);
      await sql`select 1`;
    });
    note(1);
    ended.push(event.instanceId);
  }
}

function databaseOf({ DATABASE_URL, DATABASE_ENDPOINT }: Env) {
  neonConfig.fetchEndpoint = () => DATABASE_ENDPOINT;
  return neon(DATABASE_URL);
}

function begin(): number {
  state.done = 0;
  return Date.now();
}
