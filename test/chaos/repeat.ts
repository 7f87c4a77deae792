import { setTimeout as sleep } from "node:timers/promises";

/** Something that is repeated until it is stopped. */
export interface Repeated {
  /** While true, its turns are skipped. */
  paused: boolean;
  stop(): Promise<void>;
}

/** Does something now and every `intervalMs`. A turn that fails is ignored, since a Worker may have been killed; the next turn tries again. */
export function repeat(intervalMs: number, turn: () => Promise<void>): Repeated {
  const controller = new AbortController();
  const { signal } = controller;
  const repeated: Repeated = {
    paused: false,
    stop: () => {
      controller.abort();
      return running;
    },
  };
  const running = (async () => {
    while (!signal.aborted) {
      if (!repeated.paused) await turn().catch(() => undefined);
      await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  })();
  return repeated;
}

/**
 * Asks the campaign's producer.
 *
 * @throws Error with what it answered.
 */
export async function ask<T>(url: string, body: unknown = {}, signal?: AbortSignal): Promise<T> {
  const response = await fetch(url, {
    method: "POST",
    body: JSON.stringify(body),
    signal: AbortSignal.any([AbortSignal.timeout(60_000), ...(signal === undefined ? [] : [signal])]),
  });
  const answer = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(answer.error);
  return answer;
}
