import type { Input } from "@pulumi/pulumi";
import { at, type Faults, isRecord, type Place, show } from "../../schema/config/faults.ts";
import {
  isSampleRate,
  OTLP_ENDPOINT_RULE,
  otlpUrl,
  readOtlpHeaders,
  SAMPLE_RATE_RULE,
} from "../../schema/vocabulary/collector-settings.ts";
import { MAX_ENVIRONMENT_NAME_LENGTH } from "../../schema/vocabulary/limits.ts";

/** A collector, and the attributes of what it gets. */
export interface CollectorArgs {
  /** The collector's address for OTLP over HTTP, with https. `/v1/traces` or `/v1/metrics` is added. */
  endpoint: string;
  /** Headers by name, for example with a token. Kept as a secret. */
  headers?: Readonly<Record<string, Input<string>>>;
  /** The `deployment.environment.name` of spans or metrics, such as `production`. */
  environment?: string;
}

/** Where to send the spans of emits and deliveries. */
export interface OtlpArgs extends CollectorArgs {
  /** The share of the traces that start at the hub and are recorded, 0 to 1; default 1. */
  sampleRate?: number;
}

/** Finds everything that is wrong with the arguments of the spans' collector. */
export function checkOtlp(otlp: unknown, faults: Faults): void {
  if (otlp === undefined) return;
  const place = at(undefined, "otlp");
  const { sampleRate, ...others } = checkCollector(otlp, place, faults);
  for (const key of Object.keys(others)) faults.add(at(place, key), "is not a known key");
  if (sampleRate !== undefined && !isSampleRate(sampleRate))
    faults.add(at(place, "sampleRate"), `${SAMPLE_RATE_RULE}, got ${show(sampleRate)}`);
}

/** Finds what is wrong with the address of a collector. Returns the arguments that it did not check. */
export function checkCollector(args: unknown, place: Place, faults: Faults): Record<string, unknown> {
  if (!isRecord(args)) {
    faults.add(place, `must be an object such as { endpoint: "https://otlp.example.com" }, got ${show(args)}`);
    return {};
  }
  const { endpoint, headers, environment, ...others } = args;
  if (typeof endpoint !== "string" || otlpUrl(endpoint, "traces") === undefined)
    faults.add(at(place, "endpoint"), OTLP_ENDPOINT_RULE);
  const named = headers === undefined || (isRecord(headers) && Object.keys(headers).every(isHeaderName));
  if (!named) faults.add(at(place, "headers"), "must be an object of headers by name");
  const called = typeof environment === "string" && environment.length <= MAX_ENVIRONMENT_NAME_LENGTH;
  if (environment !== undefined && !called)
    faults.add(at(place, "environment"), `must be text of at most ${MAX_ENVIRONMENT_NAME_LENGTH} characters`);
  return others;
}

const isHeaderName = (name: string) => readOtlpHeaders(`${name}=`) !== undefined && !name.includes("=");
