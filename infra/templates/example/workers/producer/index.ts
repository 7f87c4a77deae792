/** An incoming order, e.g. `curl -d '{"id":"o-1","total":12}' <its address>` */
interface Order {
  id: string;
  total: number;
}

export default {
  async fetch(request, env): Promise<Response> {
    if (request.method !== "POST") return new Response("POST an order: { id, total }\n", { status: 405 });
    const order = await request.json<Order>();
    const { events } = await env.EVENTHUB.emit(
      { kind: "order.paid", id: order.id, total: order.total },
      { idempotencyKey: `order-paid-${order.id}` },
    );
    return Response.json(events[0]);
  },
} satisfies ExportedHandler<Env>;
