import type { Workflow } from "@cloudflare/workers-types";
import type { DestinationOf } from "../../schema/config/destinations/index.ts";
import { MAX_WORKFLOW_PARAMETER_BYTES } from "../../schema/vocabulary/platform-limits.ts";
import { complete, failed, type Outcome } from "../outcome.ts";
import type { Kind } from "./kind.ts";
import { messageOf } from "./message.ts";

/**
 * A Workflow of the user: one instance, with the dispatch's id as its id and the payload as its parameters, with its context if the format says so.
 * Complete once the instance exists. If it is requested twice, the engine creates only one, so this kind delivers exactly once.
 */
export const workflow: Kind<DestinationOf<"workflow">> = {
  span: { type: "send", kind: "client" },
  async call({ binding, destination: { format } }, item): Promise<Outcome> {
    const params = messageOf(format, item);
    const bytes = new TextEncoder().encode(JSON.stringify(params)).byteLength;
    if (bytes > MAX_WORKFLOW_PARAMETER_BYTES) {
      const reason = `the ${format === "context" ? "message" : "payload"} has ${bytes} bytes, but a Workflow takes parameters of ${MAX_WORKFLOW_PARAMETER_BYTES}`;
      return { ...failed(reason), retry: "terminal" };
    }
    try {
      await (binding as Workflow<unknown>).create({ id: item.context.dispatchId, params });
      return complete;
    } catch (error) {
      if (!/already[_ ]exists/i.test(String(error))) throw error;
      return { ...complete, reason: "the instance existed already" };
    }
  },
};
