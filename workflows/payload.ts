import type { Destination } from "../schema/config/destinations/index.ts";
import type { EventPayload } from "../schema/contract/index.ts";
import { errorText } from "../schema/text/log.ts";
import { type CloudEventOrigin, carriesCloudEvent, type EventFacts, toCloudEvent } from "./cloud-event.ts";
import { failed, misconfigured, type Outcome, unbound } from "./outcome.ts";
import { TransformFault } from "./transform/fault.ts";
import type { Transforms } from "./transform/read.ts";

/** What the executor's configuration says of routes. */
export interface PayloadRules {
  /** What says where a payload comes from that is no CloudEvent. */
  origin: CloudEventOrigin;
  transforms: Transforms;
  hasRoute(name: string): boolean;
}

/** A dispatch that is about to be delivered. */
export interface DispatchedPayload extends EventFacts {
  route: string;
  /** When it was saved, its route shaped the payload. */
  transformed: boolean;
  payload: EventPayload;
}

/** What a destination gets. */
export interface PreparedPayload {
  payload: EventPayload;
  /** It is a CloudEvent. */
  cloudEvent: boolean;
}

/** What the destination gets: the payload as its route shapes it, in the destination's format; or the outcome without a call. */
export async function preparePayload(
  row: DispatchedPayload,
  destination: Destination | undefined,
  rules: PayloadRules,
): Promise<PreparedPayload | Outcome> {
  const transformed = await transform(row, rules);
  if ("result" in transformed) return transformed;
  const { payload } = transformed;
  if (destination === undefined || !("format" in destination) || destination.format === undefined) {
    return { payload, cloudEvent: carriesCloudEvent(row.payload, payload, row) };
  }
  return { payload: toCloudEvent(row.payload, payload, row, rules.origin), cloudEvent: true };
}

/**
 * The payload as the dispatch's route shapes it now, or the outcome without a call. What a route was to shape never goes out as it is because the
 * route has got another name; a route that is new may reach the executor a little later than the hub, so the retries are spent first.
 */
async function transform(
  { route, transformed, payload, emitted_at }: DispatchedPayload,
  { transforms, hasRoute }: PayloadRules,
): Promise<{ payload: EventPayload } | Outcome> {
  const expression = transforms.get(route);
  if (expression === undefined) {
    if (!transformed || hasRoute(route)) return { payload };
    const missing = `the executor's configuration has no route ${JSON.stringify(route)}, whose transform shapes the payload`;
    return { ...unbound(missing), retry: "retryable" };
  }
  try {
    return { payload: await expression.run(payload, emitted_at) };
  } catch (error) {
    if (error instanceof TransformFault) return misconfigured(`${expression.place}: ${error.message}`);
    return failed(errorText(error));
  }
}
