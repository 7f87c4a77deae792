import { Webhook } from "standardwebhooks";
import type { DestinationOf } from "../../schema/config/destinations/index.ts";
import { webhookUrlFault } from "../../schema/config/destinations/webhook-url.ts";
import { TRACE_FIELDS, type TraceContext } from "../../schema/trace/trace-context.ts";
import { secretFault } from "../binding-fault.ts";
import { complete, failed, misconfigured, type Outcome, unbound } from "../outcome.ts";
import { type Bindings, contentType, type Kind } from "./kind.ts";
import { readRetryAfter } from "./retry-after.ts";

/**
 * Statuses that the same request would get again. 401, 403 and 404 are not among them, since keys and deployments come and go.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-status-codes
 */
export const PERMANENT_STATUSES: readonly number[] = [400, 405, 406, 410, 411, 413, 414, 415, 422, 431, 451, 501];

/**
 * An HTTPS endpoint that gets the payload as a signed POST.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const webhook: Kind<DestinationOf<"webhook">> = {
  span: { type: "send", kind: "client" },
  async call({ destination, bindings }, { payload, context }, signal): Promise<Outcome> {
    const insecure = bindings.EVENTHUB_INSECURE_WEBHOOKS === "true";
    const fault = webhookUrlFault(destination.url, { insecure });
    if (fault !== undefined) return misconfigured(`the webhook's url ${fault}`);
    // Its size needs no check: payloads are limited, and so is what a CloudEvent adds.
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
        ...traceHeaders(context),
      },
      // A redirect could send the signed body anywhere.
      redirect: "manual",
      signal,
    });
    // Only the status is read: a body may be endless, and may contain what no record should.
    await response.body?.cancel();
    return readStatus(response);
  },
};

/** Each part has its own header, as W3C requires. */
const traceHeaders = (context: TraceContext): Record<string, string> =>
  Object.fromEntries(TRACE_FIELDS.flatMap((name) => (context[name] === undefined ? [] : [[name, context[name]]])));

/** One signature per secret: during a rotation, a receiver may have the old or the new one. */
function sign(secrets: readonly string[], bindings: Bindings, signed: (key: Webhook) => string): string | Outcome {
  const signatures: string[] = [];
  for (const name of secrets) {
    const fault = secretFault(name, bindings);
    if (fault !== undefined) return unbound(fault);
    signatures.push(signed(new Webhook(String(bindings[name]))));
  }
  return signatures.join(" ");
}

/** The outcome of an answer. */
export function readStatus({ status, headers }: Pick<Response, "status" | "headers">): Outcome {
  if (status >= 200 && status < 300) return complete;
  const reason =
    status >= 300 && status < 400 ? `answered ${status}, but redirects are not followed` : `answered ${status}`;
  if (PERMANENT_STATUSES.includes(status)) return { ...failed(reason), retry: "terminal-by-consumer" };
  const wait = readRetryAfter(headers);
  if (wait === undefined) return failed(reason);
  const { seconds, said } = wait;
  return { ...failed(`${reason}, ${said}`), ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }) };
}
