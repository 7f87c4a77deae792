/** What the types allow and forbid in users' code. `npm run check` compiles this file, and fails where an error is expected but there is none. */
import { expectTypeOf } from "vitest";
import type { RouteConfigInput } from "../../schema/config/routes.ts";
import type {
  BatchConsumer,
  BatchItem,
  Consumer,
  EmitErrorCode,
  EmitResult,
  Emittable,
  EventHub,
  EventPayload,
  HandleContext,
  HandleReturn,
} from "../../schema/contract/index.ts";

declare const hub: EventHub;
declare const context: HandleContext;

// A producer
expectTypeOf(
  hub.emit({ kind: "order.paid", lines: [{ sku: "a", n: 1 }], note: null }),
).resolves.toEqualTypeOf<EmitResult>();
hub.emit([{ a: 1 }, { b: [true] }], { idempotencyKey: "k", delaySeconds: 1, context });
hub.emit({}, { deliverAt: new Date(), context: { eventId: context.eventId, hops: context.hops } });
hub.emit({ specversion: "1.0", id: "1", source: "/a", type: "t" }, { cloudEvents: true });

/** A producer's own types. */
interface Order {
  kind: "order.paid";
  id: string;
  total: number | null;
  note?: string;
  customer?: { readonly name: string; tags: readonly string[] } | undefined;
  lines: Line[];
}
interface Line {
  sku: string;
  amount: [number, currency: string];
}
interface Visit {
  page: string;
  at: Date;
}
declare const order: Order;
declare const visit: Visit;
declare const payload: EventPayload;
hub.emit(order);
hub.emit([order, { kind: "order.seen", order }], { idempotencyKey: order.id });
hub.emit({ ...order, lines: order.lines.map((line) => ({ ...line, weight: 1 })) });
hub.emit(payload);
hub.emit([]);
hub.emit([payload, order]);
const given: Emittable | readonly Emittable[] = payload;
hub.emit(given);
// @ts-expect-error JSON holds no Date, in an interface neither.
hub.emit(visit);
// @ts-expect-error Nor in one of several events.
hub.emit([order, visit]);
// @ts-expect-error Nor further down.
hub.emit({ visits: [visit] });
// @ts-expect-error JSON holds no Map.
hub.emit({ by: new Map([["a", 1]]) });
// @ts-expect-error JSON holds no bigint.
hub.emit({ n: 1n });
// @ts-expect-error Nobody knows what this is.
hub.emit({ any: visit as unknown });
// @ts-expect-error An instance of a class with methods is no payload.
hub.emit(new URL("https://example.com"));
// @ts-expect-error A function is no payload.
hub.emit(() => order);
// @ts-expect-error A payload is an object.
hub.emit("order.paid");
// @ts-expect-error Each payload is an object.
hub.emit(["order.paid"]);
// @ts-expect-error JSON holds no Date.
hub.emit({ at: new Date() });
// @ts-expect-error JSON holds no function.
hub.emit({ call: () => 1 });
// @ts-expect-error The option is called idempotencyKey.
hub.emit({}, { key: "k" });
// @ts-expect-error A chain goes on from an event and its hops.
hub.emit({}, { context: { eventId: "e" } });
expectTypeOf<EmitErrorCode>().toEqualTypeOf<
  "invalid_payload" | "invalid_event" | "invalid_options" | "too_large" | "loop" | "misconfigured" | "unavailable"
>();

// A consumer
const consumer: Consumer = {
  handle(payload, { attempt, emittedAt }) {
    expectTypeOf(payload).toEqualTypeOf<EventPayload>();
    expectTypeOf(attempt).toEqualTypeOf<number>();
    expectTypeOf(emittedAt).toEqualTypeOf<Date>();
    return { result: "failed", retryAfterSeconds: 5, reason: "later" };
  },
};
const batch: BatchConsumer = { handleBatch: async (items: BatchItem[]) => items.map(() => "complete" as const) };
expectTypeOf(consumer.handle).returns.toEqualTypeOf<HandleReturn | Promise<HandleReturn>>();
expectTypeOf(batch.handleBatch).parameter(0).toEqualTypeOf<BatchItem[]>();
// @ts-expect-error There is no such result.
const wrongResult: Consumer = { handle: () => "done" };
// @ts-expect-error Final is what is not retried: false, and nothing else.
const wrongRetry: Consumer = { handle: () => ({ result: "failed", retry: true }) };
// @ts-expect-error Every item has its answer.
const wrongBatch: BatchConsumer = { handleBatch: () => "complete" };

// A configuration
const routing: RouteConfigInput = {
  destinations: { CRM: { batch: true, groupSize: 100 }, ARCHIVE: { kind: "r2", prefix: "events/" } },
  defaultRetryDelay: { type: "exponential", base: 1, max: 60 },
  routes: [{ destination: "CRM", condition: { anyOf: [{ path: "$.kind", prefix: "order." }] }, maxRetries: 3 }],
};
// @ts-expect-error One comparator has one operator.
const twoOperators: RouteConfigInput["routes"] = [{ destination: "A", condition: { path: "$.a", exact: 1, lt: 2 } }];

// @ts-expect-error There is no such kind.
const wrongKind: RouteConfigInput["destinations"] = { A: { kind: "ftp" } };
// @ts-expect-error A bucket has no url.
const wrongMember: RouteConfigInput["destinations"] = { A: { kind: "r2", url: "https://example.com" } };

export { routing, twoOperators, wrongBatch, wrongKind, wrongMember, wrongResult, wrongRetry };
