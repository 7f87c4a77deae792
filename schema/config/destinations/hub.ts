import * as v from "valibot";
import type { DestinationKind } from "./kind.ts";
import { shared } from "./settings.ts";
import { service } from "./worker.ts";

const schema = v.pipe(
  v.strictObject({ kind: v.literal("hub"), ...shared }),
  v.description("a service binding to another hub"),
);

/** Another hub, which emits each event as one of its own. */
export const hub = {
  summary: "Another hub, which gets each event as one of its own.",
  schema,
  binding: service,
  target: {
    /** The name of the other hub's Worker. */
    service: { is: "name", pulumi: "service", wrangler: "service" },
  },
} as const satisfies DestinationKind<"hub">;
