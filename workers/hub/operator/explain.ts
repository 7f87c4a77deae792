import type { EventPayload } from "../../../schema/contract.ts";
import { encodePayload } from "../payload.ts";
import type { RouteExplanation } from "../routing/types.ts";
import type { OperatorContext } from "./context.ts";

/** What every route says of a payload. @throws EmitError `invalid_payload` for what could not be emitted */
export async function explainRouting({ routes }: OperatorContext, payload: unknown): Promise<RouteExplanation[]> {
  encodePayload(payload, "payload");
  return routes().explain(payload as EventPayload);
}
