import { Hono } from "hono";

const app = new Hono<{ Bindings: CloudflareBindings }>();

app.get("/", (c) => c.text("The shop is open"));

app.post("/orders", async (c) => {
  const order = await c.req.json<{ id: string; total: number }>();
  await c.env.ORDERS.put(order.id, JSON.stringify(order));
  // await c.env.EVENTHUB.emit({ kind: "order.paid", ...order }, { idempotencyKey: `paid-${order.id}` });
  return c.json(order, 201);
});

export default app;
