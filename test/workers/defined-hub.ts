import { type } from "arktype";
import * as v from "valibot";
import * as z from "zod";
import { defineEvents } from "../../schema/events/index.ts";
import { Hub, Operator as HubOperator } from "../../workers/hub/index.ts";
import routing from "./routing.json";

const events = defineEvents(
  {
    "order.paid": {
      schema: v.object({
        id: v.string(),
        total: v.pipe(v.number(), v.minValue(0)),
        note: v.optional(v.string(), "none"),
      }),
      description: "An order was paid.",
      examples: [{ kind: "order.paid", id: "o-1", total: 5 }],
    },
    "order.refunded": z.object({ id: z.string(), lines: z.array(z.object({ sku: z.string() })) }),
    "order.seen": { schema: type({ id: "string", at: "string.date.parse" }), check: "warn" },
  },
  { unknown: "reject" },
);

/** A hub whose class defines its events, each kind with another library. */
export default class extends Hub {
  protected override readonly configuration = routing;
  protected override readonly events = events;
}

export class Operator extends HubOperator {
  protected override readonly configuration = routing;
  protected override readonly events = events;
}
