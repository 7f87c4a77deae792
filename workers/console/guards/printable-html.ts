import { createMiddleware } from "hono/factory";
import { printable } from "../../../schema/text/printable.ts";

/** The parts of HTML whose text was escaped: an element whose content a form sends back or a script reads, a tag, and text. */
const PARTS = /<(textarea|script|style)\b[\s\S]*?<\/\1>|<[^>]*>|[^<]+/g;
/** The attributes that are shown or read out. All others stay exact, because they are sent back or copied. */
const SHOWN_ATTRIBUTES = /(?<= (?:title|aria-label)=")[^"]*/g;
/** White space in markup is harmless. */
const EXCEPT_SPACE = /[^\n\r\t]+/g;

/** HTML with printable text. Forms, scripts and other attributes stay as they are. */
export function printableHtml(html: string): string {
  const shown = (text: string) => text.replace(EXCEPT_SPACE, printable);
  return html.replace(PARTS, (part, raw: string | undefined) => {
    if (raw !== undefined) return part;
    return part.startsWith("<") ? part.replace(SHOWN_ATTRIBUTES, shown) : shown(part);
  });
}

/**
 * Spells out invisible characters in the texts of producers, consumers and operators on every page, such as those that reverse the order of letters.
 */
export const printablePages = createMiddleware(async (c, next) => {
  await next();
  if (c.res.headers.get("content-type")?.startsWith("text/html") !== true) return;
  const { status, headers } = c.res;
  c.res = new Response(printableHtml(await c.res.text()), { status, headers });
});
