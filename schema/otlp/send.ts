import { abortAfter } from "../abort-after.ts";
import { errorText } from "../text/error-text.ts";
import { EXPORT_TIMEOUT_MS } from "../vocabulary/limits.ts";
import type { Collector } from "./collector.ts";
import { rejectedOf, type Signal } from "./collector-answer.ts";

/** The outcome of a request. */
export type Outcome =
  /** The collector accepted all but `rejected` items; `error` is its reason for those. */
  | { taken: true; rejected: number; error?: string }
  /** As far as is known, the collector accepted nothing. */
  | { taken: false; error: string };

/**
 * Sends one request to a collector, and waits for its answer for five seconds. The collector may be down, slow or hostile: this follows no redirect,
 * reads little of the answer, and throws nothing.
 *
 * @param sent How many spans or data points the request has.
 */
export async function sendTo(
  { url, headers }: Collector,
  body: string,
  { signal, sent }: { signal: Signal; sent: number },
): Promise<Outcome> {
  const time = abortAfter(EXPORT_TIMEOUT_MS, "no answer of the collector in time");
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", "user-agent": "cf-eventhub" },
      body,
      // A redirect would get the headers, including the secrets in them.
      redirect: "manual",
      signal: time.signal,
    });
    if (response.ok) return { taken: true, ...(await rejectedOf(response, signal, sent)) };
    await response.body?.cancel();
    return { taken: false, error: `answered ${response.status}` };
  } catch (error) {
    return { taken: false, error: errorText(error) };
  } finally {
    time.done();
  }
}
