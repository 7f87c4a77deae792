import type { DestinationOf } from "../../schema/config/destinations/index.ts";
import { emitErrorCode, isPermanent } from "../../schema/contract/emit-error.ts";
import { errorText } from "../../schema/text/error-text.ts";
import { failed, misconfigured } from "../outcome.ts";
import type { Kind } from "./kind.ts";
import { callHandle } from "./worker.ts";

/** Another hub. Complete once the event is saved there, once for each dispatch here. The number of hops ends a loop of hubs. */
export const hub: Kind<DestinationOf<"hub">> = {
  span: { type: "send", kind: "producer" },
  async call({ binding }, item) {
    try {
      return await callHandle(binding, item);
    } catch (error) {
      const code = emitErrorCode(error);
      if (code === "misconfigured") return { ...misconfigured(errorText(error)), retry: "retryable" };
      if (code !== undefined && isPermanent(code)) return { ...failed(errorText(error)), retry: "terminal" };
      throw error;
    }
  },
};
