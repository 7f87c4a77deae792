import { bodyLimit } from "hono/body-limit";
import { csrf } from "hono/csrf";
import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";

/** The largest form, in bytes: a payload of 1 MiB in which nearly every character is percent-encoded. */
export const MAX_FORM_BYTES = 4 * 1024 * 1024;

const READS: readonly string[] = ["GET", "HEAD"];
const FORMS: readonly string[] = ["application/x-www-form-urlencoded", "multipart/form-data"];

/** Accepts changes only as forms of the console's own, sent with POST. */
export const onlyForms = createMiddleware(async (c, next) => {
  const { method } = c.req;
  if (READS.includes(method)) return await next();
  // A method that no page has is refused later, for that reason.
  if (method !== "POST") return await next();
  const type = c.req.header("Content-Type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!FORMS.includes(type)) throw new HTTPException(415, { message: "Only forms can be sent here." });
  return await next();
});

/**
 * Accepts only the console's own forms. For each form, a browser tells in `Sec-Fetch-Site` or `Origin` where it comes from; a form with neither is
 * refused. Hono checks every type of content that a form can have, and {@link onlyForms} accepts no other.
 */
export const onlyOwnForms = csrf();

/** Stops reading forms that are larger than any payload needs. */
export const onlySmallForms = bodyLimit({
  maxSize: MAX_FORM_BYTES,
  onError: () => {
    throw new HTTPException(413, { message: `What was sent is larger than ${MAX_FORM_BYTES / 1024 / 1024} MiB.` });
  },
});
