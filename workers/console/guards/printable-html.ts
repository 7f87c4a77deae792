import { createMiddleware } from "hono/factory";
import { printable } from "../../../schema/text/printable.ts";

/** What can stand in HTML that was escaped: what a form sends back or a script reads, a tag, and text. */
const PARTS = /<(textarea|script|style)\b[\s\S]*?<\/\1>|<[^>]*>|[^<]+/g;
/** The attributes that are shown or read out. The others are sent back, or copied: they stay exact. */
const SHOWN_ATTRIBUTES = /(?<= (?:title|aria-label)=")[^"]*/g;
/** White space of markup is only space. */
const EXCEPT_SPACE = /[^\n\r\t]+/g;

/** HTML whose text is printable; forms, scripts and the values of attributes are as they were. */
export function printableHtml(html: string): string {
  const shown = (text: string) => text.replace(EXCEPT_SPACE, printable);
  return html.replace(PARTS, (part, raw: string | undefined) => {
    if (raw !== undefined) return part;
    return part.startsWith("<") ? part.replace(SHOWN_ATTRIBUTES, shown) : shown(part);
  });
}

/** Spells out, on every page, what producers, consumers and operators wrote and nobody would see, such as what turns the order of letters round. */
export const printablePages = createMiddleware(async (c, next) => {
  await next();
  if (c.res.headers.get("content-type")?.startsWith("text/html") !== true) return;
  const { status, headers } = c.res;
  c.res = new Response(printableHtml(await c.res.text()), { status, headers });
});
