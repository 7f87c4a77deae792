import type { EventPayload } from "../../../schema/contract/index.ts";
import { MAX_PAYLOAD_BYTES } from "../../../schema/vocabulary/limits.ts";
import { TransformFault } from "../../../workflows/transform/fault.ts";
import type { CompiledRoutes, RouteExplanation } from "./types.ts";

/** The most characters of transformed payloads in one answer, which crosses RPC. Ours: four payloads of the largest size. */
const MAX_SHOWN_CHARACTERS = 4 * MAX_PAYLOAD_BYTES;

/** The most transforms that are tried for one answer: each may take 0.2 s. Ours. */
const MAX_TRIED = 50;

/**
 * For every route, whether it matches the payload and why; for matching routes also the result of their transforms.
 *
 * @param emittedAt The time of the event that transforms see; default now.
 */
export async function explainDelivery(
  routes: CompiledRoutes,
  payload: EventPayload,
  emittedAt = new Date(),
): Promise<RouteExplanation[]> {
  let characters = 0;
  let tried = 0;
  const explanations: RouteExplanation[] = [];
  for (const explanation of routes.explain(payload)) {
    const transform = explanation.matched ? routes.transforms.get(explanation.name) : undefined;
    if (transform === undefined) explanations.push(explanation);
    else if (characters > MAX_SHOWN_CHARACTERS || tried === MAX_TRIED) {
      explanations.push({ ...explanation, transformed: { fault: "not tried: too many transforms for one answer" } });
    } else {
      tried++;
      const transformed = await transform.run(payload, emittedAt).then(
        (result) => ({ payload: result }),
        (error: unknown) => ({ fault: faultText(error, transform.place) }),
      );
      characters += JSON.stringify(transformed).length;
      explanations.push({ ...explanation, transformed });
    }
  }
  return explanations;
}

function faultText(error: unknown, place: string): string {
  if (error instanceof TransformFault) return `${place}: ${error.message}`;
  throw error;
}
