import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import examples from "@octokit/webhooks-examples" with { type: "json" };
import pLimit from "p-limit";
import type { EmitResult } from "../../../schema/contract/index.ts";

const CONCURRENCY = 8;
const TRIES = 6;
const REQUEST_TIMEOUT_MS = 30_000;

/** Real GitHub webhook payloads: one of each kind, then the second of each kind, and so on, so that even a few are diverse. */
const PAYLOADS: readonly object[] = interleave(
  // The types of the package describe a default export that its JSON lacks.
  (examples as unknown as readonly { name: string; examples: readonly object[] }[]).map(({ name, examples }) =>
    examples.map((payload) => ({ kind: `github.${name}`, ...payload })),
  ),
);

/** Now and then, an old producer leaves out the sender; the definitions of the demo's events warn of that. */
const INVALID_EVERY = 20;

function interleave<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

/** The results of emitting so far. */
export interface Emission {
  events: number;
  /** The ids of all dispatches that `emit` has promised. */
  dispatchIds: string[];
}

/**
 * Emits `count` payloads through the demo Worker, several at once, and keeps `emission` up to date.
 *
 * @throws If one is refused, or still fails after several tries.
 */
export async function emitPayloads(
  origin: string,
  count: number,
  emission: Emission,
  signal: AbortSignal,
): Promise<void> {
  const run = randomUUID();
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const emitNth = async (n: number) => {
    stop.throwIfAborted();
    const { sender, ...rest } = (PAYLOADS[n % PAYLOADS.length] ?? {}) as { sender?: unknown };
    const payload = n % INVALID_EVERY === INVALID_EVERY - 1 || sender === undefined ? rest : { sender, ...rest };
    // The key makes it safe to repeat a call whose answer was lost.
    const result = await emitOne(origin, payload, `demo-${run}-${n}`, stop);
    emission.events += result.events.length;
    emission.dispatchIds.push(...result.events.flatMap((event) => event.dispatches.map(({ id }) => id)));
  };
  try {
    await pLimit(CONCURRENCY).map(Array(count).keys(), emitNth);
  } catch (error) {
    failed.abort(error);
    throw error;
  }
}

async function emitOne(origin: string, payload: object, key: string, signal: AbortSignal): Promise<EmitResult> {
  for (let tries = 1; ; tries++) {
    try {
      return await post(`${origin}/emit`, payload, key, signal);
    } catch (error) {
      if (signal.aborted || error instanceof Refused || tries === TRIES) throw error;
      await sleep(Math.random() * 200 * 2 ** tries, undefined, { signal });
    }
  }
}

/** The hub will never accept this payload. */
class Refused extends Error {
  override readonly name = "Refused";
}

async function post(url: string, payload: object, key: string, signal: AbortSignal): Promise<EmitResult> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify(payload),
    signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as EmitResult;
  const message = `POST /emit: HTTP ${response.status} ${text.slice(0, 500)}`;
  throw response.status < 500 ? new Refused(message) : new Error(message);
}
