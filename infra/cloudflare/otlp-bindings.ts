import { all, type Output, secret } from "@pulumi/pulumi";
import { plainText } from "./bindings.ts";
import type { Binding } from "./deploy-worker.ts";
import type { CollectorArgs, OtlpArgs } from "./otlp-arguments.ts";

/** The settings of a Worker that makes spans. */
export function otlpBindings(otlp: OtlpArgs | undefined, worker: "hub" | "executor"): Binding[] {
  if (otlp === undefined) return [];
  const { sampleRate } = otlp;
  return [
    ...collectorBindings(otlp),
    ...(worker === "hub" && sampleRate !== undefined ? [plainText("OTLP_SAMPLE_RATE", String(sampleRate))] : []),
  ];
}

/** The settings of a Worker that sends something to a collector. */
export function collectorBindings({ endpoint, headers = {}, environment }: CollectorArgs): Binding[] {
  return [
    plainText("OTLP_ENDPOINT", endpoint),
    ...(Object.keys(headers).length === 0
      ? []
      : [{ type: "secret_text", name: "OTLP_HEADERS", text: secret(asText(headers)) }]),
    ...(environment === undefined ? [] : [plainText("ENVIRONMENT_NAME", environment)]),
  ];
}

const asText = (headers: NonNullable<CollectorArgs["headers"]>): Output<string> =>
  all(headers).apply((known) =>
    Object.entries(known)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join(","),
  );
