import { WorkerEntrypoint } from "cloudflare:workers";
import type { EventHub, EventPayload } from "../../../schema/contract/index.ts";
import { type Counting, counts, noCounts, readCounts } from "./counting.ts";
import { makePayload } from "./payloads.ts";
import type { Emitted, FloorCall, FloorState, Load } from "./protocol.ts";

/** The part of the peer's hub that producers use. */
interface PeerHub {
  putEvent(events: EventPayload[]): Promise<void>;
}

interface Env {
  SYSTEM: "ours" | "peer";
  EVENTHUB: (EventHub | PeerHub) & Counting;
  EXECUTOR: Counting & { forget?(): Promise<number> };
  CONSUMERS: Counting;
  /** Only with our hub. */
  FLOOR?: {
    workflows(count: number): Promise<number>;
    chain(): Promise<number>;
    messages(count: number): Promise<number>;
    calls(count: number): Promise<number>;
    roundTrips(count: number, connections: number): Promise<number>;
    state(): Promise<FloorState>;
    forget(): Promise<void>;
  };
}

/** The load generator of both systems. It emits over RPC, as a user's producer does, with the same code for both. */
export default class extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    switch (new URL(request.url).pathname) {
      case "/emit":
        return Response.json(await emitLoad(await request.json<Load>(), this.#emitter()));
      case "/counts":
        return Response.json(await this.#counts());
      case "/forget":
        return Response.json(this.env.SYSTEM === "ours" ? await this.env.EXECUTOR.forget?.() : 0);
      case "/floor":
        return Response.json(await this.#floor(await request.json<FloorCall>()));
      default:
        return new Response("load generator");
    }
  }

  #emitter(): (payloads: EventPayload[]) => Promise<unknown> {
    const hub = this.env.EVENTHUB;
    return this.env.SYSTEM === "ours"
      ? (payloads) => (hub as EventHub).emit(payloads)
      : (payloads) => (hub as PeerHub).putEvent(payloads);
  }

  async #floor(call: FloorCall): Promise<unknown> {
    const { FLOOR } = this.env;
    switch (call.op) {
      case "workflows":
        return FLOOR?.workflows(call.count);
      case "messages":
        return FLOOR?.messages(call.count);
      case "calls":
        return FLOOR?.calls(call.count);
      case "chain":
        return FLOOR?.chain();
      case "roundTrips":
        return FLOOR?.roundTrips(call.count, call.connections);
      case "state":
        return FLOOR?.state();
      case "forget":
        await FLOOR?.forget();
        return null;
    }
  }

  /** The counts of all Workers of the system since the previous call. */
  async #counts() {
    const { EVENTHUB, EXECUTOR, CONSUMERS } = this.env;
    const all = await Promise.all([EVENTHUB, EXECUTOR, CONSUMERS].map((worker) => worker.counts(true)));
    const sum = noCounts();
    for (const key of Object.keys(counts) as (keyof typeof counts)[]) {
      for (const part of [...all, readCounts(true)]) sum[key] += part[key];
    }
    return sum;
  }
}

async function emitLoad(load: Load, emit: (payloads: EventPayload[]) => Promise<unknown>): Promise<Emitted> {
  // The payloads are made before the clock starts.
  const calls: EventPayload[][] = [];
  for (let n = 0; n < load.events; n += load.perCall) {
    const length = Math.min(load.perCall, load.events - n);
    calls.push(Array.from({ length }, (_, i) => makePayload(load, n + i)));
  }
  const latencies: number[] = [];
  const startedAt = Date.now();
  const { seconds } = load;
  let next = 0;
  const nextCall = () => {
    if (seconds === undefined) return calls[next++];
    return Date.now() < startedAt + seconds * 1_000 ? calls[next++ % calls.length] : undefined;
  };
  const connection = async () => {
    for (let call = nextCall(); call !== undefined; call = nextCall()) {
      if (load.perSecond !== undefined) await until(startedAt + (next / load.perSecond) * 1_000);
      const began = performance.now();
      await emit(call);
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: load.connections }, connection));
  return { startedAt, endedAt: Date.now(), latencies };
}

const until = (at: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));
