import type { EventPayload } from "../schema/contract.ts";
import { misconfigured, type Outcome } from "./outcome.ts";
import { TransformFault } from "./transform/fault.ts";
import type { Transforms } from "./transform/read.ts";

/** What the executor's configuration says of routes. */
export interface Shapes {
  transforms: Transforms;
  hasRoute(name: string): boolean;
}

/** A dispatch that is about to be delivered. */
export interface Shapeable {
  route: string;
  /** When it was saved, its route shaped the payload. */
  transformed: boolean;
  payload: EventPayload;
  emitted_at: Date;
}

/**
 * The payload as the dispatch's route shapes it now, or the outcome without a call. What a route was to shape never goes out as it is because the
 * route has got another name.
 */
export async function shape(
  { route, transformed, payload, emitted_at }: Shapeable,
  { transforms, hasRoute }: Shapes,
): Promise<{ payload: EventPayload } | Outcome> {
  const transform = transforms.get(route);
  if (transform === undefined) {
    return transformed && !hasRoute(route)
      ? misconfigured(
          `the executor's configuration has no route ${JSON.stringify(route)}, whose transform shapes the payload`,
        )
      : { payload };
  }
  try {
    return { payload: await transform.run(payload, emitted_at) };
  } catch (error) {
    if (error instanceof TransformFault) return misconfigured(`${transform.place}: ${error.message}`);
    throw error;
  }
}
