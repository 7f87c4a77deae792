import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";
import type { ConsoleEnv } from "../env.ts";

/** Why a reader's buttons are disabled. It is read out, and shown as a tooltip. */
export const READS_ONLY = "You may look, but not act: the console's ACCESS_OPERATORS names who may act.";

/** The paths of forms that only ask something. */
const ASKING: readonly string[] = ["/routes"];

/** The other forms, as a selector. */
const ACTING = `form[method="post"]${ASKING.map((path) => `:not([action="${path}"])`).join("")}`;

/**
 * Refuses every form of a reader that changes something, on any page, and disables the buttons of all such forms. The hub refuses these actions too,
 * except creating an event, which it accepts from every producer.
 */
export const readersOnlyRead = createMiddleware<ConsoleEnv>(async (c, next) => {
  if (c.var.role !== "reader") return await next();
  if (c.req.method === "POST" && !ASKING.includes(c.req.path)) throw new HTTPException(403, { message: READS_ONLY });
  await next();
  if (c.res.headers.get("content-type")?.startsWith("text/html") !== true) return;
  const pages = new HTMLRewriter().on(ACTING, { element: turnOff }).on(`${ACTING} button`, {
    element: (button) => void button.setAttribute("title", READS_ONLY),
  });
  c.res = pages.transform(c.res);
});

/** Disables a form: it can be read, but not sent. */
function turnOff(form: Element): void {
  form.prepend('<fieldset disabled class="reads-only">', { html: true });
  form.append("</fieldset>", { html: true });
}
