import { Webhook } from "standardwebhooks";
import type { DestinationOf } from "../../schema/destinations.ts";
import { webhookUrlFault } from "../../schema/webhook-url.ts";
import { complete, failed, misconfigured, type Outcome, unbound } from "../outcome.ts";
import { type Bindings, contentType, type Kind } from "./kind.ts";

/** Largest body that is sent, in bytes of UTF-8. Ours: the 1 MiB of a payload. */
export const MAX_WEBHOOK_BODY_BYTES = 1024 * 1024;

/**
 * Answers that the same request would get again. Not among them: 401, 403 and 404, since keys and deployments come and go.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-status-codes
 */
export const PERMANENT_STATUSES: readonly number[] = [400, 405, 406, 410, 411, 413, 414, 415, 422, 431, 451, 501];

/**
 * An HTTPS endpoint that gets the payload as a signed POST.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const webhook: Kind<DestinationOf<"webhook">> = {
  bindingClass: undefined,
  async call({ destination, bindings }, { payload, context }, signal): Promise<Outcome> {
    const insecure = bindings.EVENTHUB_INSECURE_WEBHOOKS === "true";
    const fault = webhookUrlFault(destination.url, { insecure });
    if (fault !== undefined) return misconfigured(`the webhook's url ${fault}`);
    const body = JSON.stringify(payload);
    const bytes = new TextEncoder().encode(body).byteLength;
    if (bytes > MAX_WEBHOOK_BODY_BYTES) {
      return { ...failed(`the body has ${bytes} bytes, at most ${MAX_WEBHOOK_BODY_BYTES} are sent`), retry: "never" };
    }
    const timestamp = new Date();
    const signature = sign(destination.secrets, bindings, (key) => key.sign(context.dispatchId, timestamp, body));
    if (typeof signature !== "string") return signature;
    const response = await fetch(destination.url, {
      method: "POST",
      body,
      headers: {
        ...destination.headers,
        "content-type": contentType(destination.format),
        "user-agent": "cf-eventhub",
        "webhook-id": context.dispatchId,
        "webhook-timestamp": String(Math.floor(timestamp.getTime() / 1_000)),
        "webhook-signature": signature,
        ...(context.traceparent === undefined ? {} : { traceparent: context.traceparent }),
      },
      // A redirect could lead anywhere, with the signed body.
      redirect: "manual",
      signal,
    });
    // The status is the answer: a body may be endless, and may hold what no record should.
    await response.body?.cancel();
    return readStatus(response);
  },
};

/** One signature for each secret, so that a receiver may have the old or the new one during a rotation. */
function sign(secrets: readonly string[], bindings: Bindings, signed: (key: Webhook) => string): string | Outcome {
  const signatures: string[] = [];
  for (const name of secrets) {
    const secret = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
    if (typeof secret !== "string" || secret === "") return unbound(`the executor has no secret ${name}`);
    try {
      signatures.push(signed(new Webhook(secret)));
    } catch {
      return unbound(`the secret ${name} is not a Standard Webhooks secret (whsec_ and base64)`);
    }
  }
  return signatures.join(" ");
}

/** What an answer means. */
export function readStatus({ status, headers }: Pick<Response, "status" | "headers">): Outcome {
  if (status >= 200 && status < 300) return complete;
  const reason =
    status >= 300 && status < 400 ? `answered ${status}, and redirects are not followed` : `answered ${status}`;
  if (PERMANENT_STATUSES.includes(status)) return { ...failed(reason), retry: "decisive" };
  const wait = retryAfterSeconds(headers.get("retry-after"));
  return { ...failed(reason), ...(wait === undefined ? {} : { retryAfterSeconds: wait }) };
}

/** Seconds, or an HTTP date. @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after */
export function retryAfterSeconds(header: string | null, now = Date.now()): number | undefined {
  if (header === null) return undefined;
  const date = /^[A-Z][a-z]{2}, .* GMT$/.test(header.trim()) ? Date.parse(header) : Number.NaN;
  const seconds = /^\d{1,9}$/.test(header.trim()) ? Number(header) : (date - now) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), 31_536_000);
}
