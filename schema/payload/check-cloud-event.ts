import * as v from "valibot";
import { show } from "../config/faults.ts";
import type { CloudEvent, EventPayload, JsonValue } from "../contract/index.ts";
import { DEFAULT_CLOUD_EVENT_SOURCE, DEFAULT_CLOUD_EVENT_TYPE } from "../vocabulary/defaults.ts";
import { parseIsoTime } from "../vocabulary/iso-time.ts";

/** A payload that is a CloudEvent 1.0. */
export type StructuredCloudEvent = CloudEvent<JsonValue> & EventPayload;

const text = v.pipe(v.string("must be a string"), v.nonEmpty("must not be empty"));

/** In the JSON format, an attribute that is `null` counts as missing. */
const optional = <T extends v.GenericSchema>(schema: T) => v.optional(v.nullable(schema));

const PCHAR = "(?:[\\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
const REG_NAME = "(?:[\\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*";
const AUTHORITY = `(?:(?:[\\w.~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?(?:\\[(?<ipv6>[0-9A-Fa-f:.]+)\\]|${REG_NAME})(?::\\d*)?`;
const SCHEME = "[A-Za-z][A-Za-z0-9+.-]*:";
const HIERARCHY = `(?://${AUTHORITY}(?:/${PCHAR}*)*|/(?:${PCHAR}+(?:/${PCHAR}*)*)?|${PCHAR}+(?:/${PCHAR}*)*)`;
const REST = `(?:\\?(?:${PCHAR}|[/?])*)?(?:#(?:${PCHAR}|[/?])*)?`;

/** Excludes a scheme alone (an empty URI), which the SDK refuses. @see https://www.rfc-editor.org/rfc/rfc3986#appendix-A */
const URI = new RegExp(`^${SCHEME}${HIERARCHY}${REST}$`);
/** Without a scheme, the first segment has no colon. */
const URI_REFERENCE = new RegExp(`^(?:${SCHEME}|(?![^/?#]*:))${HIERARCHY}?${REST}$`);

function matchesUri(pattern: RegExp, text: string): boolean {
  const host = pattern.exec(text);
  return host !== null && (host.groups?.ipv6 === undefined || v.IPV6_REGEX.test(host.groups.ipv6));
}

const isUri = (text: string) => matchesUri(URI, text);
const isUriReference = (text: string) => matchesUri(URI_REFERENCE, text);

/** Narrows valid times to those with seconds and without the hour 24. */
const RFC3339 = /^.{10}[Tt](?!24)\d\d:\d\d:\d\d/;

const isTime = (text: string) => RFC3339.test(text) && parseIsoTime(text) !== undefined;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(;.*)?$/;

/** An extension attribute, which has no structure. Undefined is allowed, since JSON leaves it out. */
const Extension = v.custom<string | boolean | number | null | undefined>(
  (value) =>
    value === undefined ||
    value === null ||
    ["string", "boolean"].includes(typeof value) ||
    (value === Math.trunc(Number(value)) && Math.abs(Number(value)) < 2 ** 31),
  "must be a string, a boolean or an integer of 32 bits",
);

const CloudEventSchema = v.objectWithRest(
  {
    specversion: v.literal("1.0", 'must be "1.0"'),
    id: text,
    source: v.pipe(text, v.check(isUriReference, "must be a URI reference")),
    type: text,
    datacontenttype: optional(v.pipe(text, v.regex(MEDIA_TYPE, "must be a media type"))),
    dataschema: optional(v.pipe(text, v.check(isUri, "must be an absolute URI"))),
    subject: optional(text),
    time: optional(v.pipe(text, v.check(isTime, "must be an RFC 3339 time"))),
    data: v.optional(v.unknown()),
    data_base64: optional(v.pipe(v.string("must be a string"), v.regex(BASE64, "must be base64"))),
  },
  Extension,
);

/** Why a payload is not a CloudEvent, starting with the place below the payload, such as `.source: must not be empty`; `undefined` if it is one. */
export function cloudEventFault(payload: EventPayload): string | undefined {
  const [issue] = v.safeParse(CloudEventSchema, payload, { abortEarly: true }).issues ?? [];
  if (issue !== undefined) {
    const key = String(issue.path?.[0]?.key ?? "");
    return `.${key.slice(0, 40)}: ${Object.hasOwn(payload, key) ? issue.message : "is required in a CloudEvent"}`;
  }
  const name = Object.keys(payload).find((key) => key !== "data_base64" && !/^[a-z0-9]+$/.test(key));
  if (name !== undefined)
    return `: ${JSON.stringify(name.slice(0, 40))} is not a name for a CloudEvent's attribute (a-z, 0-9)`;
  return Object.hasOwn(payload, "data") && typeof payload.data_base64 === "string"
    ? ".data_base64: excludes data"
    : undefined;
}

/** True if a payload is a structured CloudEvent. */
export function isCloudEvent(payload: EventPayload): payload is StructuredCloudEvent {
  return payload.specversion === "1.0" && cloudEventFault(payload) === undefined;
}

/** Attributes of the CloudEvents made for payloads that were not emitted as CloudEvents. */
export const CloudEventSettings = v.strictObject({
  source: v.optional(cloudEventAttribute("source"), DEFAULT_CLOUD_EVENT_SOURCE),
  type: v.optional(cloudEventAttribute("type"), DEFAULT_CLOUD_EVENT_TYPE),
});

function cloudEventAttribute(name: "source" | "type") {
  const sample = { specversion: "1.0", id: "1", source: "/", type: "t" };
  return v.custom<string>(
    (input) => typeof input === "string" && cloudEventFault({ ...sample, [name]: input }) === undefined,
    ({ input }) =>
      `must be ${name === "source" ? "a URI reference" : "a string that is not empty"}, got ${show(input)}`,
  );
}
