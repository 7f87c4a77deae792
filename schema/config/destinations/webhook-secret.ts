import { MAX_WEBHOOK_KEY_BYTES, MIN_WEBHOOK_KEY_BYTES } from "../../vocabulary/limits.ts";

/** What a webhook's secret begins with, by the standard. A label: receivers take the rest with and without it. */
const PREFIX = "whsec_";

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Said without the secret. */
export const WEBHOOK_SECRET_RULE = `must be whsec_ and base64 of ${MIN_WEBHOOK_KEY_BYTES} to ${MAX_WEBHOOK_KEY_BYTES} random bytes`;

/** True for a Standard Webhooks secret; `whsec_` may be missing, since receivers' libraries take such a one, too. */
export function isWebhookSecret(secret: string): boolean {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  if (!BASE64.test(text)) return false;
  const bytes = atob(text);
  // Another spelling of the same bytes is most likely a typing error.
  return bytes.length >= MIN_WEBHOOK_KEY_BYTES && bytes.length <= MAX_WEBHOOK_KEY_BYTES && btoa(bytes) === text;
}
