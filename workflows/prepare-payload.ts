import type { Destination } from "../schema/config/destinations/index.ts";
import type { EventPayload } from "../schema/contract/index.ts";
import { errorText } from "../schema/text/error-text.ts";
import { type CloudEventOrigin, carriesCloudEvent, type EventFacts, toCloudEvent } from "./cloud-event.ts";
import { failed, misconfigured, notDeployed, type Outcome } from "./outcome.ts";
import { TransformFault } from "./transform/fault.ts";
import type { Transforms } from "./transform/read-transforms.ts";

/** The executor's configuration of payloads. */
export interface PayloadRules {
  /** The origin of a payload that is not a CloudEvent. */
  origin: CloudEventOrigin;
  transforms: Transforms;
  hasRoute(name: string): boolean;
}

/** A dispatch that is about to be delivered. */
export interface DispatchedPayload extends EventFacts {
  route: string;
  /** Whether its route had a transform when it was saved. */
  transformed: boolean;
  payload: EventPayload;
}

/** The payload that a destination gets. */
export interface PreparedPayload {
  payload: EventPayload;
  /** Whether it is a CloudEvent. */
  cloudEvent: boolean;
}

/** The payload for the destination, as its route shapes it, in the destination's format; or the outcome if it must not be called. */
export async function preparePayload(
  row: DispatchedPayload,
  destination: Destination | undefined,
  rules: PayloadRules,
): Promise<PreparedPayload | Outcome> {
  const transformed = await transform(row, rules);
  if ("result" in transformed) return transformed;
  const { payload } = transformed;
  if (destination === undefined || !("format" in destination) || destination.format !== "cloudevents") {
    return { payload, cloudEvent: carriesCloudEvent(row.payload, payload, row) };
  }
  return { payload: toCloudEvent(row.payload, payload, row, rules.origin), cloudEvent: true };
}

/**
 * The payload as the dispatch's route shapes it now, or the outcome if the destination must not be called. If a route with a transform was renamed,
 * its payloads never go out untransformed. A new route may reach the executor a little later than the hub, so the retries are used up first.
 */
async function transform(
  { route, transformed, payload, emitted_at }: DispatchedPayload,
  { transforms, hasRoute }: PayloadRules,
): Promise<{ payload: EventPayload } | Outcome> {
  const expression = transforms.get(route);
  if (expression === undefined) {
    if (!transformed || hasRoute(route)) return { payload };
    const missing = `the executor's configuration has no route ${JSON.stringify(route)}, whose transform shapes the payload`;
    return notDeployed(missing);
  }
  try {
    return { payload: await expression.run(payload, emitted_at) };
  } catch (error) {
    if (error instanceof TransformFault) return misconfigured(`${expression.place}: ${error.message}`);
    return failed(errorText(error));
  }
}
