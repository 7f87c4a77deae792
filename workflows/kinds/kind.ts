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

/** The media type of what a destination gets. @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#1-introduction */
export const contentType = (format: "cloudevents" | undefined) =>
  format === undefined ? "application/json" : "application/cloudevents+json";

/** What a call of one kind of destination means; what its binding is stands in schema/config/destinations. */
export interface Kind<D> {
  /** Makes one attempt within `signal`'s time. What it throws is a failure that is retried. */
  call(target: Target<D>, item: CallItem, signal: AbortSignal): Promise<Outcome>;
  /** Makes one attempt of many at once; left out where every dispatch is a call of its own. */
  callBatch?(target: Target<D>, items: readonly CallItem[]): Promise<Outcome[] | Outcome>;
}
