import type { Workflow } from "@cloudflare/workers-types";
import type { DestinationOf } from "../../schema/config/destinations/index.ts";
import { MAX_WORKFLOW_PARAMETER_BYTES } from "../../schema/vocabulary/platform-limits.ts";
import { complete, failed, type Outcome } from "../outcome.ts";
import type { Kind } from "./kind.ts";

/**
 * A Workflow of the user's own: an instance with the dispatch's id as its id and the payload as its parameters. Complete once the instance is
 * there: asked twice, the engine makes one, so that this kind delivers exactly once.
 */
export const workflow: Kind<DestinationOf<"workflow">> = {
  async call({ binding }, { payload, context }): Promise<Outcome> {
    const bytes = new TextEncoder().encode(JSON.stringify(payload)).byteLength;
    if (bytes > MAX_WORKFLOW_PARAMETER_BYTES) {
      const reason = `the payload has ${bytes} bytes, and a Workflow takes parameters of ${MAX_WORKFLOW_PARAMETER_BYTES}`;
      return { ...failed(reason), retry: "terminal" };
    }
    try {
      await (binding as Workflow<unknown>).create({ id: context.dispatchId, params: payload });
      return complete;
    } catch (error) {
      if (!/already[_ ]exists/i.test(String(error))) throw error;
      return { ...complete, reason: "the instance was there already" };
    }
  },
};
