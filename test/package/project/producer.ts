/** The binding typed by hand, since `wrangler types` knows nothing about the hub unless it gets the hub's configuration. */
import { type EventHub, emitErrorCode } from "cf-eventhub-workflows";

interface Order {
  kind: "order.paid";
  id: string;
  lines: { sku: string; count: number }[];
  note?: string;
}

export default {
  async fetch(request: Request, env: { EVENTHUB: EventHub }): Promise<Response> {
    const order = await request.json<Order>();
    try {
      const { events } = await env.EVENTHUB.emit(order, { idempotencyKey: order.id });
      await env.EVENTHUB.emit([order, order]);
      await env.EVENTHUB.emit({ ...order, kind: "order.seen" });
      // @ts-expect-error JSON cannot hold a Date.
      await env.EVENTHUB.emit({ at: new Date() });
      return Response.json(events[0]);
    } catch (error) {
      return new Response(emitErrorCode(error), { status: 500 });
    }
  },
};
