import { bodyLimit } from "hono/body-limit";
import { csrf } from "hono/csrf";
import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";

/** Largest form, in bytes: a payload of 1 MiB of which nearly every character is percent-encoded. */
export const MAX_FORM_BYTES = 4 * 1024 * 1024;

const READS: readonly string[] = ["GET", "HEAD"];
const FORMS: readonly string[] = ["application/x-www-form-urlencoded", "multipart/form-data"];

/** What changes something is a form of the console's own, sent with POST. */
export const onlyForms = createMiddleware(async (c, next) => {
  const { method } = c.req;
  if (READS.includes(method)) return await next();
  // What no page answers is refused for that, later.
  if (method !== "POST") return await next();
  const type = c.req.header("Content-Type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!FORMS.includes(type)) throw new HTTPException(415, { message: "Forms only: what is sent here must be one." });
  return await next();
});

/**
 * A browser says of each form where it comes from, in `Sec-Fetch-Site` or in `Origin`: only the console's own are taken, and none that
 * says neither. Hono checks what a form can be; {@link onlyForms} takes nothing else.
 */
export const onlyOwnForms = csrf();

/** Forms that no payload needs are not read to their end. */
export const onlySmallForms = bodyLimit({
  maxSize: MAX_FORM_BYTES,
  onError: () => {
    throw new HTTPException(413, { message: `What was sent is larger than ${MAX_FORM_BYTES / 1024 / 1024} MiB.` });
  },
});
