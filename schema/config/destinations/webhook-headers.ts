import * as v from "valibot";
import { TRACE_FIELDS } from "../../trace/trace-context.ts";
import { MAX_HEADER_NAME_LENGTH, MAX_HEADER_VALUE_LENGTH } from "../../vocabulary/limits.ts";
import { isRecord } from "../faults.ts";

/**
 * Headers that the hub sets itself, or that belong to one connection. HTTP would join a second value to the first, and receivers would reject the
 * signature.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.connection
 */
const NOT_CONFIGURED: ReadonlySet<string> = new Set([
  ...["content-type", "content-length", "content-encoding", "host", "user-agent", "expect"],
  ...TRACE_FIELDS,
  ...["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection"],
  ...["te", "trailer", "transfer-encoding", "upgrade"],
]);

/** The headers of Standard Webhooks start with this. */
const SIGNED = /^webhook-/;

const isFree = (name: string) => !NOT_CONFIGURED.has(name.toLowerCase()) && !SIGNED.test(name.toLowerCase());

const isName = (name: string) => /^[A-Za-z0-9-]+$/.test(name) && name.length <= MAX_HEADER_NAME_LENGTH;

const VALUE_RULE = `must be printable ASCII of at most ${MAX_HEADER_VALUE_LENGTH} characters`;

/** The message omits the value, which may be a secret. */
const HeaderValue = v.pipe(
  v.string(VALUE_RULE),
  v.check((value) => /^[\t\x20-\x7e]*$/.test(value) && value.length <= MAX_HEADER_VALUE_LENGTH, VALUE_RULE),
);

/** Headers that a webhook gets beside the hub's own, by name. */
export const WebhookHeaders = v.pipe(
  v.custom<Readonly<Record<string, string>>>(isRecord, "must be an object of headers by name"),
  // The message omits the name: somebody may have written "Authorization: Bearer abc" as one.
  v.check(
    (headers) => Object.keys(headers).every(isName),
    `must have names of 1 to ${MAX_HEADER_NAME_LENGTH} letters, digits and -`,
  ),
  v.record(v.pipe(v.string(), v.check(isFree, "is a header that the hub or the connection sets")), HeaderValue),
);
