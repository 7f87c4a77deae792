import { OTLP_ENDPOINT_RULE, OTLP_HEADERS_RULE, otlpUrl, readOtlpHeaders } from "../vocabulary/collector-settings.ts";
import type { Signal } from "./collector-answer.ts";
import type { Resource } from "./otlp-values.ts";

/** Where to send spans or metrics. */
export interface Collector {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Who sends them. */
  resource: Resource;
}

/** The settings of a collector. */
export interface CollectorEnv {
  OTLP_ENDPOINT?: string;
  OTLP_HEADERS?: string;
  ENVIRONMENT_NAME?: string;
}

/** A faulty setting of a collector. Its message omits what may be secret. */
export class CollectorFault extends Error {
  override readonly name = "CollectorFault";
}

/**
 * The collector that a Worker's settings name; `undefined` if they name none.
 *
 * @throws {CollectorFault} if a setting is faulty; it says which one, and what it must be.
 */
export function collectorOf(
  worker: "hub" | "executor" | "metrics",
  signal: Signal,
  { OTLP_ENDPOINT: endpoint = "", OTLP_HEADERS: headers = "", ENVIRONMENT_NAME: name = "" }: CollectorEnv,
): Collector | undefined {
  if (endpoint === "") return undefined;
  const url = otlpUrl(endpoint, signal);
  if (url === undefined) throw new CollectorFault(`OTLP_ENDPOINT ${OTLP_ENDPOINT_RULE}`);
  const known = readOtlpHeaders(headers);
  if (known === undefined) throw new CollectorFault(`OTLP_HEADERS ${OTLP_HEADERS_RULE}`);
  const environment = name.trim();
  return {
    url,
    headers: known,
    resource: {
      "service.name": `eventhub-${worker}`,
      "service.namespace": "eventhub",
      ...(environment === "" ? {} : { "deployment.environment.name": environment }),
    },
  };
}
