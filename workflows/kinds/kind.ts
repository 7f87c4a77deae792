import type { EventPayload, HandleContext } from "../../schema/contract/index.ts";
import type { Span } from "../../schema/trace/span.ts";
import type { Outcome } from "../outcome.ts";

/** What the executor's environment contains besides its own bindings. It is looked up only by names from the configuration. */
export type Bindings = Readonly<Record<string, unknown>>;

/** One dispatch that is to be called. */
export interface CallItem {
  payload: EventPayload;
  context: HandleContext;
  timeoutSeconds: number;
}

/** The target of a call. */
export interface Target<D> {
  /** As configured. */
  destination: D;
  /** The executor's binding with the destination's name; `undefined` for a kind without bindings. */
  binding: unknown;
  bindings: Bindings;
}

/** The media type of what a destination gets. @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#1-introduction */
export const contentType = (format: "cloudevents" | undefined) =>
  format === undefined ? "application/json" : "application/cloudevents+json";

/** The calls of one kind of destination. Its bindings are described in schema/config/destinations. */
export interface Kind<D> {
  /**
   * What the span of an attempt is, in the terms of the conventions for messaging. A Worker handles the event; all others take it to pass it on, or to
   * keep it.
   */
  span: { type: "process" | "send"; kind: Span["kind"] };
  /** Makes one attempt, within the time that `signal` allows. A throw is a failure that is retried. */
  call(target: Target<D>, item: CallItem, signal: AbortSignal): Promise<Outcome>;
  /** Makes one attempt of several dispatches at once; left out if every dispatch is a call of its own. */
  callBatch?(target: Target<D>, items: readonly CallItem[]): Promise<Outcome[] | Outcome>;
}
