import { setTimeout as sleep } from "node:timers/promises";
import type { Called, Calls, InstanceState, Task, Took } from "../../../workers/probe/protocol.ts";
import { UserError } from "../../user-error.ts";
import type { Place } from "./place.ts";

/** The numbers of concurrent calls that are tried in a step, one after another; our executor makes 16. */
const AT_ONCE = [16, 32, 64, 100, 200];

/** The calls of each try. */
const CALLS_AT_ONCE = 200;

/** The calls in one step when a whole instance is measured: as many as in a group. */
const CALLS_IN_STEP = 100;

/** The concurrent calls of all other measurements, as in the executor. */
const USUALLY_AT_ONCE = 16;

/** How often each latency is measured. */
const SAMPLES = 20;

const POLL_MS = 250;
const REQUEST_TIMEOUT_MS = 120_000;

/** How long a deployed Worker may take to answer for the first time, in milliseconds. */
const READY_MS = 120_000;

/** How long to wait for an instance or a message, in milliseconds. */
const PATIENCE_MS = 600_000;

/** What the platform allowed, where the probe ran. */
export interface Measured {
  /** For one request, one step, and one instance with steps of 100 calls: how many calls it made until one was refused, or until it had made all. */
  calls: { request: Called; step: Called; instance: Called };
  /** 200 calls of one step, `atOnce` of them concurrently. */
  atOnce: readonly (Called & { atOnce: number })[];
  /** From create() to the start of the instance, and from send() to the consumer, in milliseconds: the fastest, the median and the slowest. */
  latency: { workflow: Latency; queue: Latency };
}

/** Of several measurements, in milliseconds. */
export interface Latency {
  min: number;
  median: number;
  max: number;
}

/** Measures, and says what it measures. @throws UserError if the probe does not answer; the reason of `signal` if that aborts */
export async function measure(
  place: Place,
  calls: number,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Measured> {
  const probe = new Asked(place, signal);
  await probe.ready();
  say(`calls of one request, up to ${calls}`);
  const request = await probe.calls({ calls, atOnce: USUALLY_AT_ONCE });
  say(`calls of one step, up to ${calls}`);
  const step = await probe.run<Called>({ do: "call", calls, inStep: calls, atOnce: USUALLY_AT_ONCE });
  say(`calls of one instance, up to ${calls}, in steps of ${CALLS_IN_STEP}`);
  const instance = await probe.run<Called>({ do: "call", calls, inStep: CALLS_IN_STEP, atOnce: USUALLY_AT_ONCE });
  const atOnce: Measured["atOnce"][number][] = [];
  for (const n of AT_ONCE) {
    say(`${n} calls at once in a step`);
    const made = await probe.run<Called>({ do: "call", calls: CALLS_AT_ONCE, inStep: CALLS_AT_ONCE, atOnce: n });
    atOnce.push({ atOnce: n, ...made });
  }
  say("latency of the Workflow and of the queue");
  const workflow = await samples(() => probe.run<Took>({ do: "begin", askedAt: 0 }));
  const queue = await samples(() => probe.message());
  return { calls: { request, step, instance }, atOnce, latency: { workflow, queue } };
}

/** One after another, so that the measurements do not slow each other down. */
async function samples(one: () => Promise<Took>): Promise<Latency> {
  const took: number[] = [];
  while (took.length < SAMPLES) took.push((await one()).ms);
  took.sort((a, b) => a - b);
  const at = (index: number) => took[index] ?? Number.NaN;
  return { min: at(0), median: at(SAMPLES / 2), max: at(SAMPLES - 1) };
}

/** A client of the probe. */
class Asked {
  readonly #place: Place;
  readonly #signal: AbortSignal;

  constructor(place: Place, signal: AbortSignal) {
    this.#place = place;
    this.#signal = signal;
  }

  /** A Worker that was just deployed is not available everywhere yet. */
  async ready(): Promise<void> {
    for (const until = Date.now() + READY_MS; ; await this.#pause()) {
      try {
        await this.#ask("GET", "/");
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
      }
    }
  }

  calls(calls: Calls): Promise<Called> {
    return this.#ask("POST", "/calls", calls);
  }

  /** Runs an instance, and waits for its result. */
  async run<T>(task: Task): Promise<T> {
    const { id } = await this.#ask<{ id: string }>("POST", "/instance", task);
    return this.#output(id);
  }

  async message(): Promise<Took> {
    const { id } = await this.#ask<{ id: string }>("POST", "/message");
    return this.#output(id);
  }

  async #output<T>(id: string): Promise<T> {
    for (const until = Date.now() + PATIENCE_MS; ; await this.#pause()) {
      const { status, output, error } = await this.#ask<InstanceState>("GET", `/instance?id=${id}`);
      if (status === "complete") return output as T;
      if (status === "errored" || status === "terminated")
        throw new UserError(`an instance of the probe is ${status}: ${JSON.stringify(error)}`);
      if (Date.now() > until) throw new UserError(`an instance of the probe is still ${status} after ten minutes`);
    }
  }

  async #pause(): Promise<void> {
    this.#signal.throwIfAborted();
    await sleep(POLL_MS);
  }

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    const { origin, token } = this.#place;
    const response = await fetch(new URL(path, origin), {
      method,
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new UserError(`the probe answered ${response.status}: ${text.slice(0, 300)}`);
    return (path === "/" ? undefined : JSON.parse(text)) as T;
  }
}
