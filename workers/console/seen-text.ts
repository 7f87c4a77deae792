import { createMiddleware } from "hono/factory";
import type { ConsoleEnv } from "./env.ts";
import { printableHtml } from "./guards/printable-html.ts";

/** Spells out, on every page, what producers, consumers and operators wrote and nobody would see, such as what turns the order of letters round. */
export const seenText = createMiddleware<ConsoleEnv>(async (c, next) => {
  await next();
  if (c.res.headers.get("content-type")?.startsWith("text/html") !== true) return;
  const { status, headers } = c.res;
  c.res = new Response(printableHtml(await c.res.text()), { status, headers });
});
