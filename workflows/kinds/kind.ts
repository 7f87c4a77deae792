import type { EventPayload, HandleContext } from "../../schema/contract/index.ts";
import type { Outcome } from "../outcome.ts";

/** What the executor's environment holds beside its own bindings: looked up by names from the configuration only. */
export type Bindings = Readonly<Record<string, unknown>>;

/** One dispatch that is to be called. */
export interface CallItem {
  payload: EventPayload;
  context: HandleContext;
  timeoutSeconds: number;
}

/** Where a call goes. */
export interface Target<D> {
  /** As configured. */
  destination: D;
  /** The executor's binding of the destination's name; `undefined` for a kind that has none. */
  binding: unknown;
  bindings: Bindings;
}

/**
 * Classes of bindings in workerd, by `constructor.name`. A Worker's stub answers to every name of a method, so that only its class tells it
 * from the others.
 */
export const BINDING_CLASSES = {
  Fetcher: "a Worker",
  R2Bucket: "an R2 bucket",
  WorkerQueue: "a Queue",
  WorkflowImpl: "a Workflow",
  KvNamespace: "a KV namespace",
} as const;

/** The media type of what a destination gets. @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#1-introduction */
export const contentType = (format: "cloudevents" | undefined) =>
  format === undefined ? "application/json" : "application/cloudevents+json";

/** One kind of destination: what its binding must be, and what a call means. */
export interface Kind<D> {
  /** The class of its binding; `undefined` if it has none. */
  bindingClass: keyof typeof BINDING_CLASSES | undefined;
  /** Makes one attempt within `signal`'s time. What it throws is a failure that is retried. */
  call(target: Target<D>, item: CallItem, signal: AbortSignal): Promise<Outcome>;
  /** Makes one attempt of many at once; left out where every dispatch is a call of its own. */
  callBatch?(target: Target<D>, items: readonly CallItem[]): Promise<Outcome[] | Outcome>;
}
