import { MAX_WEBHOOK_KEY_BYTES, MIN_WEBHOOK_KEY_BYTES } from "../../vocabulary/limits.ts";

/** The prefix of a webhook's secret in the standard. It is only a label: receivers accept the rest with and without it. */
const PREFIX = "whsec_";

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The message omits the secret. */
export const WEBHOOK_SECRET_RULE = `must be whsec_ and base64 of ${MIN_WEBHOOK_KEY_BYTES} to ${MAX_WEBHOOK_KEY_BYTES} random bytes`;

/** True for a Standard Webhooks secret. `whsec_` may be missing, since the libraries of receivers accept that, too. */
export function isWebhookSecret(secret: string): boolean {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  if (!BASE64.test(text)) return false;
  const bytes = atob(text);
  // Another spelling of the same bytes is most likely a typing error.
  return bytes.length >= MIN_WEBHOOK_KEY_BYTES && bytes.length <= MAX_WEBHOOK_KEY_BYTES && btoa(bytes) === text;
}
