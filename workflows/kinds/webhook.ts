import { Webhook } from "standardwebhooks";
import type { DestinationOf } from "../../schema/config/destinations/index.ts";
import { isWebhookSecret, WEBHOOK_SECRET_RULE } from "../../schema/config/destinations/webhook-secret.ts";
import { webhookUrlFault } from "../../schema/config/destinations/webhook-url.ts";
import { complete, failed, misconfigured, type Outcome, unbound } from "../outcome.ts";
import { type Bindings, contentType, type Kind } from "./kind.ts";
import { readRetryAfter } from "./retry-after.ts";

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
  async call({ destination, bindings }, { payload, context }, signal): Promise<Outcome> {
    const insecure = bindings.EVENTHUB_INSECURE_WEBHOOKS === "true";
    const fault = webhookUrlFault(destination.url, { insecure });
    if (fault !== undefined) return misconfigured(`the webhook's url ${fault}`);
    // As large as it is: what was taken as a payload is bounded, and so is what a CloudEvent puts around it.
    const body = JSON.stringify(payload);
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
    // The library would decode what is no base64, too.
    if (!isWebhookSecret(secret)) return unbound(`the secret ${name} ${WEBHOOK_SECRET_RULE}`);
    signatures.push(signed(new Webhook(secret)));
  }
  return signatures.join(" ");
}

/** What an answer means. */
export function readStatus({ status, headers }: Pick<Response, "status" | "headers">): Outcome {
  if (status >= 200 && status < 300) return complete;
  const reason =
    status >= 300 && status < 400 ? `answered ${status}, and redirects are not followed` : `answered ${status}`;
  if (PERMANENT_STATUSES.includes(status)) return { ...failed(reason), retry: "terminal-by-consumer" };
  const wait = readRetryAfter(headers);
  if (wait === undefined) return failed(reason);
  const { seconds, said } = wait;
  return { ...failed(`${reason}, ${said}`), ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }) };
}
