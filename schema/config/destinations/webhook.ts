import * as v from "valibot";
import { MAX_URL_LENGTH, MAX_WEBHOOK_KEY_BYTES, MIN_WEBHOOK_KEY_BYTES } from "../../vocabulary/limits.ts";
import type { DestinationKind } from "./kind.ts";
import { destinationNameFault } from "./names.ts";
import { format, shared } from "./settings.ts";
import { WebhookHeaders } from "./webhook-headers.ts";
import { isAllowedHost, webhookUrlFault } from "./webhook-url.ts";

const SECRET_RULE = "must be the name of a secret of the executor's, and none of the hub's own";

/** Said without what stands there: it may be the secret itself. */
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
    /** Where the POST goes: https, and no private address. Said of it is never what it is, which may hold a token. */
    url: v.pipe(
      v.string("must be a URL"),
      v.maxLength(MAX_URL_LENGTH, `must be at most ${MAX_URL_LENGTH} characters long`),
    ),
    /** Names of the executor's secrets that sign (`whsec_...`); two during a rotation, the new one first. */
    secrets: v.pipe(
      v.array(secretName, "must be an array of secrets' names"),
      v.minLength(1, "must name at least one secret"),
      v.maxLength(2, "must name at most two secrets"),
    ),
    /**
     * Headers to add, e.g. an API version. Refused are those that the hub sets (`webhook-*`, `content-type`, `user-agent`, `traceparent`, ...)
     * and those of the connection (`host`, `content-length`, `transfer-encoding`, ...).
     */
    headers: v.optional(WebhookHeaders, {}),
    /** Hosts that `url` may be at (`example.com`, `*.example.com`); default any public one. */
    allowHosts: v.optional(v.array(v.string())),
  }),
  v.description(
    "`url` (https, no private address or name), `secrets` (names of one or two of the executor's secrets: " +
      `\`whsec_\` and base64 of ${KEY_BYTES}), \`headers\`, \`allowHosts\``,
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { url, allowHosts } = dataset.value;
    // http and private addresses are a matter of the executor that calls: a local stack may allow them.
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

/** The fault of a URL that the route configuration lets pass, since an executor at home may call it. */
function deployedUrlFault(url: unknown): string | undefined {
  if (typeof url !== "string" || webhookUrlFault(url, { insecure: true }) !== undefined) return undefined;
  return webhookUrlFault(url);
}

/** An HTTPS endpoint that gets each payload as a signed POST. */
export const webhook = {
  schema,
  binding: undefined,
  target: {
    /** What signs, by the names of the executor's secrets: `whsec_...`; two during a rotation, the new one first. */
    secrets: { is: "secrets" },
  },
  deployedFaults: { url: deployedUrlFault },
} as const satisfies DestinationKind<"webhook">;
