import { type CollectorEnv, CollectorFault, collectorOf } from "../otlp/collector.ts";
import { log } from "../text/log.ts";
import { isSampleRate, SAMPLE_RATE_RULE } from "../vocabulary/collector-settings.ts";
import { DEFAULT_SAMPLE_RATE } from "../vocabulary/defaults.ts";
import { Exporter } from "./exporter.ts";

/** The settings of tracing. */
export interface TracingEnv extends CollectorEnv {
  OTLP_SAMPLE_RATE?: string;
}

/** What making spans requires. */
export interface Tracing {
  exporter: Exporter;
  /** The share of the traces that start here and are recorded. */
  sampleRate: number;
}

/** By settings, so that an isolate sends the spans of all its requests together. `undefined`: the settings are faulty, which was logged. */
const known = new Map<string, Tracing | undefined>();

/**
 * The tracing that a Worker's settings ask for; `undefined` if they ask for none. It is also `undefined` if they are faulty: deliveries do not depend
 * on tracing.
 */
export function tracingOf(worker: "hub" | "executor", env: TracingEnv): Tracing | undefined {
  if (env.OTLP_ENDPOINT === undefined || env.OTLP_ENDPOINT === "") return undefined;
  const { OTLP_ENDPOINT: endpoint, OTLP_HEADERS: headers, OTLP_SAMPLE_RATE: rate, ENVIRONMENT_NAME: name } = env;
  const key = JSON.stringify([worker, endpoint, headers, rate, name]);
  if (!known.has(key)) known.set(key, openTracing(worker, env));
  return known.get(key);
}

function openTracing(worker: "hub" | "executor", env: TracingEnv): Tracing | undefined {
  try {
    const collector = collectorOf(worker, "traces", env);
    if (collector === undefined) return undefined;
    const sampleRate = Number(env.OTLP_SAMPLE_RATE?.trim() || DEFAULT_SAMPLE_RATE);
    if (!isSampleRate(sampleRate)) throw new CollectorFault(`OTLP_SAMPLE_RATE ${SAMPLE_RATE_RULE}`);
    return { exporter: new Exporter(collector), sampleRate };
  } catch (error) {
    if (!(error instanceof CollectorFault)) throw error;
    log("error", "trace.misconfigured", { error: error.message });
    return undefined;
  }
}
