import { encodePayload } from "../../../schema/payload/encode.ts";
import { explainDelivery } from "../routing/explain-delivery.ts";
import type { RouteExplanation } from "../routing/types.ts";
import type { OperatorContext } from "./context.ts";

/**
 * For every route, whether it matches a payload, and what it would deliver. @throws EmitError `invalid_payload` if the payload could not be emitted
 */
export async function explainRouting({ routes }: OperatorContext, payload: unknown): Promise<RouteExplanation[]> {
  return explainDelivery(routes(), encodePayload(payload, "payload").payload);
}
