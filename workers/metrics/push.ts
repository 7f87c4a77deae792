import { CollectorFault, collectorOf } from "../../schema/otlp/collector.ts";
import { sendTo } from "../../schema/otlp/send.ts";
import { errorText } from "../../schema/text/error-text.ts";
import { log } from "../../schema/text/log.ts";
import type { MetricsEnv } from "./env.ts";
import { otlpMetrics } from "./otlp-metrics.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Sends all metrics to the collector that the settings name. Without a collector it does nothing. Never throws: a failure is logged. It is not
 * repeated either, because the next push has the same counters, further counted.
 *
 * @param take Takes a snapshot of all metrics.
 */
export async function push(env: MetricsEnv, take: () => Promise<Snapshot>): Promise<void> {
  try {
    const collector = collectorOf("metrics", "metrics", env);
    if (collector === undefined) return;
    const { body, points } = otlpMetrics(collector.resource, await take());
    const outcome = await sendTo(collector, body, { signal: "metrics", sent: points });
    const lost = outcome.taken ? outcome.rejected : points;
    if (lost > 0) log("warn", "metrics.push_failed", { points: lost, error: outcome.error ?? "" });
  } catch (error) {
    if (error instanceof CollectorFault) log("error", "metrics.misconfigured", { error: error.message });
    else log("error", "metrics.failed", { path: "push", error: errorText(error) });
  }
}
