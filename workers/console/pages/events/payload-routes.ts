import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { COPIES, copyOf, isCopyFormat } from "../../format/payload-copies.ts";

/** `/events/:id/payload` and `/events/:id/as/...`: a whole payload as text. */
export function addPayloads(app: ConsoleApp): void {
  app.get("/events/:id/payload", async (c) => {
    const event = await c.var.operator.getEvent(c.req.param("id"));
    if (event.payload === null) return gone(c);
    return asFile(c, `${JSON.stringify(event.payload, null, 2)}\n`, `event-${event.id}.json.txt`);
  });

  app.get("/events/:id/as/:format", async (c) => {
    const format = c.req.param("format");
    if (!isCopyFormat(format)) return c.text(`There is ${Object.keys(COPIES).join(", ")}.\n`, 404);
    const event = await c.var.operator.getEvent(c.req.param("id"));
    if (event.payload === null) return gone(c);
    return asFile(c, copyOf(event.payload, format), `event-${event.id}.${format}.txt`);
  });
}

const gone = (c: ConsoleContext) => c.text("The payload has been removed by retention.\n", 410);

/** An answer as plain text, to be saved. A payload is never shown as anything else. */
const asFile = (c: ConsoleContext, text: string, name: string) =>
  c.text(text, 200, { "Content-Disposition": `attachment; filename="${name}"` });
