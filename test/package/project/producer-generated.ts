/** The binding with the type that `wrangler types -c producer.wrangler.jsonc -c hub.wrangler.jsonc` generates. */
interface Paid {
  kind: "order.paid";
  id: string;
  note?: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const order = await request.json<Paid>();
    const { events } = await env.EVENTHUB.emit(order, { idempotencyKey: order.id });
    await env.EVENTHUB.emit({ kind: "order.seen", id: order.id });
    // @ts-expect-error The option is called idempotencyKey.
    await env.EVENTHUB.emit(order, { key: order.id });
    return Response.json({ id: events[0]?.id, duplicate: events[0]?.duplicate });
  },
};
