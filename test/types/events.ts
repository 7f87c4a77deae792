/** What the types allow and forbid in code with a definition of events. */
import { type } from "arktype";
import * as v from "valibot";
import { expectTypeOf } from "vitest";
import * as z from "zod";
import type {
  BatchConsumer,
  Consumer,
  EmitResult,
  EventHub,
  HandleContext,
  HandleReturn,
} from "../../schema/contract/index.ts";
import { defineEvents, type EventOf, type KindOf, on, onEvery } from "../../schema/events/index.ts";

const events = defineEvents({
  "order.paid": v.object({ id: v.string(), total: v.number(), note: v.optional(v.string(), "none") }),
  "order.refunded": {
    schema: z.object({
      kind: z.literal("order.refunded"),
      id: z.string(),
      lines: z.array(z.object({ sku: z.string() })),
    }),
    description: "The customer has the money back.",
    key: "$.id",
    version: "2",
    check: "warn",
  },
  "order.seen": type({ id: "string", "by?": "'app' | 'web'" }),
});
type Shop = typeof events;
declare const hub: EventHub<Shop>;
declare const context: HandleContext;

// Its kinds, and their payloads
expectTypeOf<KindOf<Shop>>().toEqualTypeOf<"order.paid" | "order.refunded" | "order.seen">();
expectTypeOf<EventOf<Shop, "order.paid">["kind"]>().toEqualTypeOf<"order.paid">();
expectTypeOf<EventOf<Shop, "order.paid">["total"]>().toEqualTypeOf<number>();
// The default of a schema is not applied: an event is delivered as it was emitted.
expectTypeOf<EventOf<Shop, "order.paid">["note"]>().toEqualTypeOf<string | undefined>();
expectTypeOf<EventOf<Shop>["kind"]>().toEqualTypeOf<KindOf<Shop>>();

// A producer
expectTypeOf(hub.emit({ kind: "order.paid", id: "o", total: 1 })).resolves.toEqualTypeOf<EmitResult>();
hub.emit({ kind: "order.refunded", id: "o", lines: [{ sku: "a" }] }, { idempotencyKey: "k" });
hub.emit([
  { kind: "order.paid", id: "o", total: 1 },
  { kind: "order.seen", id: "o", by: "app" },
]);
hub.emit([]);
interface Order {
  id: string;
  total: number;
}
declare const order: Order;
hub.emit({ kind: "order.paid", ...order });
declare const seen: EventOf<Shop, "order.seen">;
hub.emit([seen, { kind: "order.paid", ...order }]);
// @ts-expect-error There is no such kind.
hub.emit({ kind: "order.payed", id: "o", total: 1 });
// @ts-expect-error A total is a number.
hub.emit({ kind: "order.paid", id: "o", total: "1" });
// @ts-expect-error It needs a total.
hub.emit({ kind: "order.paid", id: "o" });
// @ts-expect-error It has no such member.
hub.emit({ kind: "order.paid", id: "o", total: 1, currency: "EUR" });
// @ts-expect-error An event says what it is.
hub.emit({ id: "o", total: 1 });
hub.emit([
  { kind: "order.seen", id: "o" },
  // @ts-expect-error Each of several is checked.
  { kind: "order.seen", id: 1 },
]);
// @ts-expect-error Options are the same as ever.
hub.emit({ kind: "order.seen", id: "o" }, { key: "k" });

// A value that JSON cannot hold is not an event, whatever the schema accepts.
const dated = defineEvents({ visit: v.object({ at: v.date() }) });
declare const visits: EventHub<typeof dated>;
// @ts-expect-error JSON holds no Date.
visits.emit({ kind: "visit", at: new Date() });

// CloudEvents
const cloud = defineEvents({ "order.paid": v.object({ data: v.object({ id: v.string() }) }) }, { cloudEvents: true });
declare const cloudHub: EventHub<typeof cloud>;
cloudHub.emit(
  { specversion: "1.0", id: "1", source: "/shop", type: "order.paid", data: { id: "o" }, tenant: "t" },
  { cloudEvents: true },
);
// @ts-expect-error A CloudEvent has a source.
cloudHub.emit({ specversion: "1.0", id: "1", type: "order.paid", data: { id: "o" } }, { cloudEvents: true });
// @ts-expect-error Its data is checked.
cloudHub.emit({ specversion: "1.0", id: "1", source: "/a", type: "order.paid", data: {} }, { cloudEvents: true });
expectTypeOf<EventOf<typeof cloud, "order.paid">["data"]>().toEqualTypeOf<{ id: string }>();

// A consumer
const consumer: Consumer<Shop, "order.paid" | "order.refunded"> = {
  handle(event) {
    expectTypeOf(event.kind).toEqualTypeOf<"order.paid" | "order.refunded">();
    if (event.kind === "order.paid") {
      expectTypeOf(event.total).toEqualTypeOf<number>();
      return "complete";
    }
    expectTypeOf(event.lines[0]).toEqualTypeOf<{ sku: string } | undefined>();
    return "ignored";
  },
};
const batches: BatchConsumer<Shop, "order.seen"> = {
  handleBatch: (items) => items.map(({ payload }) => (payload.by === "app" ? "complete" : "ignored")),
};
// @ts-expect-error There is no such kind.
type Unknown = Consumer<Shop, "order.payed">;

// One handler per kind
const handle = on<Shop>({
  "order.paid": async (event, { attempt }) => {
    expectTypeOf(event.total).toEqualTypeOf<number>();
    expectTypeOf(attempt).toEqualTypeOf<number>();
    return "complete";
  },
  "order.seen": async (event) => ({ result: "failed", reason: event.id }),
});
expectTypeOf(handle({ kind: "order.paid" }, context)).toEqualTypeOf<Promise<HandleReturn>>();
// @ts-expect-error There is no such kind.
on<Shop>({ "order.payed": async () => "complete" });
// @ts-expect-error There is no such result.
on<Shop>({ "order.paid": async () => "done" });
onEvery<Shop>({
  "order.paid": async () => "complete",
  "order.refunded": async () => "complete",
  "order.seen": async () => "ignored",
});
// @ts-expect-error One kind has no handler.
onEvery<Shop>({ "order.paid": async () => "complete", "order.refunded": async () => "complete" });
on<typeof cloud>({ "order.paid": async ({ data }) => ({ result: "complete", reason: data.id }) }, { kind: "type" });
// @ts-expect-error It must be said where the kind stands.
on<typeof cloud>({ "order.paid": async () => "complete" });

// A definition
defineEvents({ a: v.object({}) }, { kind: "type", check: "warn", unknown: "reject" });
// @ts-expect-error There is no such check.
defineEvents({ a: v.object({}) }, { check: "maybe" });
// @ts-expect-error A kind has a schema.
defineEvents({ a: { description: "" } });

export { batches, consumer, type Unknown };
