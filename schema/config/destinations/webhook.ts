import * as v from "valibot";
import { MAX_URL_LENGTH, MAX_WEBHOOK_KEY_BYTES, MIN_WEBHOOK_KEY_BYTES } from "../../vocabulary/limits.ts";
import type { DestinationKind } from "./kind.ts";
import { destinationNameFault } from "./names.ts";
import { format, shared } from "./settings.ts";
import { WebhookHeaders } from "./webhook-headers.ts";
import { isAllowedHost, webhookUrlFault } from "./webhook-url.ts";

const SECRET_RULE = "must be the name of one of the executor's secrets, and none of the hub's own";

/** The message omits the value: it may be the secret itself. */
const secretName = v.pipe(
  v.string(SECRET_RULE),
  v.check((name) => destinationNameFault(name) === undefined && !name.startsWith("whsec_"), SECRET_RULE),
);

const KEY_BYTES = `${MIN_WEBHOOK_KEY_BYTES} to ${MAX_WEBHOOK_KEY_BYTES} random bytes`;

const schema = v.pipe(
  v.strictObject({
    kind: v.literal("webhook"),
    ...shared,
    format,
    /** The URL of the POST: https, and no private address. Messages never quote it, since it may hold a token. */
    url: v.pipe(
      v.string("must be a URL"),
      v.maxLength(MAX_URL_LENGTH, `must be at most ${MAX_URL_LENGTH} characters long`),
    ),
    /** Names of the executor's secrets that sign (`whsec_...`). There are two during a rotation, with the new one first. */
    secrets: v.pipe(
      v.array(secretName, "must be an array of secrets' names"),
      v.minLength(1, "must name at least one secret"),
      v.maxLength(2, "must name at most two secrets"),
    ),
    /**
     * Headers to add, e.g. an API version. The hub's own (`webhook-*`, `content-type`, `user-agent`, `traceparent`, ...) and those of the connection
     * (`host`, `content-length`, `transfer-encoding`, ...) are refused.
     */
    headers: v.optional(WebhookHeaders, {}),
    /** The hosts that `url` may have (`example.com`, `*.example.com`); default any public one. */
    allowHosts: v.optional(v.array(v.string())),
  }),
  v.description(
    "`url` (https, no private address or name), `secrets` (names of one or two of the executor's secrets: " +
      `\`whsec_\` and base64 of ${KEY_BYTES}), \`headers\`, \`allowHosts\``,
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { url, allowHosts } = dataset.value;
    // The executor that calls decides about http and private addresses: a local stack may allow them.
    const fault =
      webhookUrlFault(url, { insecure: true }) ??
      (allowHosts !== undefined && !isAllowedHost(url, allowHosts) ? "must be at one of allowHosts" : undefined);
    if (fault !== undefined) {
      addIssue({
        message: fault,
        path: [{ type: "object", origin: "value", input: dataset.value, key: "url", value: url }],
      });
    }
  }),
);

/** The fault of a URL that the route configuration accepts, since an executor in a local stack may call it. */
function deployedUrlFault(url: unknown): string | undefined {
  if (typeof url !== "string" || webhookUrlFault(url, { insecure: true }) !== undefined) return undefined;
  return webhookUrlFault(url);
}

/** An HTTPS endpoint that gets each payload as a signed POST. */
export const webhook = {
  summary: "An HTTPS endpoint that gets each payload as a signed POST (Standard Webhooks).",
  schema,
  binding: undefined,
  target: {
    /** The names of the executor's secrets that sign (`whsec_...`). There are two during a rotation, with the new one first. */
    secrets: { is: "secrets" },
  },
  deployedFaults: { url: deployedUrlFault },
} as const satisfies DestinationKind<"webhook">;
