import { Pool } from "pg";
import type { EmitResult } from "../../../schema/contract/index.ts";
import { encodePayload } from "../../../schema/payload/encode.ts";
import { reconcile } from "../../local/housekeeping.ts";
import { readDispatches, waitUntilSettled } from "./dispatches.ts";
import type { EventHubAddress, RunningEventHub } from "./types.ts";

const SETTLED_TIMEOUT_MS = 30_000;

/** The methods that only the starter of a hub can use. */
export type Starters = "kill" | "isolate" | "stop" | typeof Symbol.asyncDispose;

/** Everything that is possible with the address of a hub. `leave` ends the connections to it. */
export type Joined = Omit<RunningEventHub, Starters> & { pool: Pool; leave(): Promise<void> };

/** Connects to a running hub, wherever it was started. */
export function join(address: EventHubAddress): Joined {
  const { origin, databaseUrl, workers } = address;
  const pool = new Pool({ connectionString: databaseUrl, max: 4, connectionTimeoutMillis: 10_000 });
  pool.on("error", () => undefined); // the next query reports it
  let leaving: Promise<void> | undefined;
  return {
    origin,
    address,
    pool,
    emit: async (payload, options) => {
      checkAsRpc(payload);
      return await emitOver(new URL("/local/emit", origin), { payload, options: options ?? {} });
    },
    poke: async () => void (await reconcile(origin)),
    dispatches: (filter = {}) => readDispatches(pool, filter),
    settled: (eventId, { timeoutMs = SETTLED_TIMEOUT_MS } = {}) => waitUntilSettled(pool, eventId, timeoutMs),
    sql: async <Row>(text: TemplateStringsArray, ...values: unknown[]) =>
      (
        await pool.query(
          text.reduce((statement, part, i) => `${statement}$${i}${part}`),
          values,
        )
      ).rows as Row[],
    fetch: async (name, path = "/", init) => fetch(new URL(path, urlOf(name, workers)), init),
    reconcile: async () => void (await reconcile(origin)),
    leave: () => {
      leaving ??= pool.end();
      return leaving;
    },
  };
}

/**
 * Refuses payloads that JSON would change on the way to the Workers: a producer's binding passes them to the hub unchanged, and the hub refuses them.
 * @throws EmitError
 */
function checkAsRpc(payload: unknown): void {
  if (!Array.isArray(payload)) encodePayload(payload, "event");
  else for (const [index, one] of payload.entries()) encodePayload(one, `events[${index}]`);
}

async function emitOver(url: URL, body: object): Promise<EmitResult> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const answer = (await response.json()) as EmitResult & { error?: string };
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}

function urlOf(name: string, workers: EventHubAddress["workers"]): string {
  const worker = workers.find((one) => one.name === name);
  if (worker !== undefined) return worker.url;
  throw new Error(`no Worker ${name} can be fetched; there are ${workers.map((one) => one.name).join(", ") || "none"}`);
}
