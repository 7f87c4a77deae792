import * as v from "valibot";
import type { DestinationBinding, DestinationKind } from "./kind.ts";
import { format, shared } from "./settings.ts";

const schema = v.pipe(
  v.strictObject({
    kind: v.literal("worker"),
    /** True: the consumer implements `handleBatch` and gets up to `groupSize` dispatches per call. Default false. */
    batch: v.optional(v.boolean(), false),
    ...shared,
    format,
  }),
  v.description("a service binding with `handle(payload, context)`; the default"),
);

/** A service binding, to a consumer or to another hub. */
export const service = {
  class: "Fetcher",
  method: "handle",
  what: "a Worker",
  pulumi: "service",
  wrangler: "services",
} as const satisfies DestinationBinding;

/** A Worker entrypoint with `handle`, or with `handleBatch` if it is declared as a batch. */
export const worker = {
  summary: "A consumer: a service binding of the executor's to a Worker with handle(payload, context).",
  schema,
  binding: service,
  target: {
    /** The name of the Worker that has `handle`. */
    service: { is: "name", pulumi: "service", wrangler: "service" },
    /** The exported class; default the Worker's default export. */
    entrypoint: { is: "name, if any", pulumi: "entrypoint", wrangler: "entrypoint" },
  },
} as const satisfies DestinationKind<"worker">;
