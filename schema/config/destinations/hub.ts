import * as v from "valibot";
import type { DestinationKind } from "./kind.ts";
import { shared } from "./settings.ts";
import { service } from "./worker.ts";

const schema = v.pipe(
  v.strictObject({ kind: v.literal("hub"), ...shared }),
  v.description("a service binding to another hub"),
);

/** Another hub, which takes each event as one of its own. */
export const hub = {
  schema,
  binding: service,
  target: {
    /** Name of the other hub's Worker. */
    service: { is: "name", pulumi: "service", wrangler: "service" },
  },
} as const satisfies DestinationKind<"hub">;
