import { createMiddleware } from "hono/factory";
import { hashOf } from "./assets/hash-of.ts";

/** The texts of times, which the browser keeps up to date by itself. */
const TOLD_TIMES = /(<time\b[^>]*>)[^<]*/g;

/** Answers a refresh with 304 if the page has not changed except for texts such as "5 s ago". Then nothing is sent, parsed and compared again. */
export const unchangedPages = createMiddleware(async (c, next) => {
  await next();
  if (c.req.header("HX-Request") === undefined || c.req.method !== "GET" || c.res.status !== 200) return;
  const html = await c.res.text();
  const tag = `W/"${await hashOf(html.replace(TOLD_TIMES, "$1"))}"`;
  const headers = new Headers(c.res.headers);
  headers.set("ETag", tag);
  c.res =
    c.req.header("If-None-Match") === tag
      ? new Response(null, { status: 304, headers })
      : new Response(html, { headers });
});
