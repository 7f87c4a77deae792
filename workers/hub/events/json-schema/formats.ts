import * as v from "valibot";
import { parseIsoTime } from "../../../../schema/vocabulary/iso-time.ts";

const RFC3339 = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;
const DATE = /^\d{4}-\d\d-\d\d$/;
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]*$/;

const matches = (pattern: RegExp) => (text: string) => pattern.test(text);

/** The formats that are checked. Any other is an annotation, as JSON Schema allows. */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = Object.assign(Object.create(null), {
  "date-time": (text: string) => RFC3339.test(text) && parseIsoTime(text) !== undefined,
  date: (text: string) => DATE.test(text) && parseIsoTime(text) !== undefined,
  email: matches(v.RFC_EMAIL_REGEX),
  uuid: matches(v.UUID_REGEX),
  ipv4: matches(v.IPV4_REGEX),
  ipv6: matches(v.IPV6_REGEX),
  uri: matches(URI),
});
