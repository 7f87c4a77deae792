/**
 * A signal that aborts after some time, unless `done` is called before. The timer of an `AbortSignal.timeout` would go on after the answer: a Durable
 * Object would stay in memory as long, and its next alarm would wait for it.
 *
 * @param reason The message of the `TimeoutError` with which the request fails.
 */
export function abortAfter(milliseconds: number, reason: string): { signal: AbortSignal; done: () => void } {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new DOMException(reason, "TimeoutError")), milliseconds);
  return { signal: abort.signal, done: () => clearTimeout(timer) };
}
