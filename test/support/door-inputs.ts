import { MAX_PAYLOAD_BYTES, MAX_PAYLOAD_DEPTH } from "../../schema/vocabulary/limits.ts";

/** An input that several doors take, and that all of them must treat alike: its name, the input itself, and whether it is accepted. */
export type DoorInput = readonly [name: string, input: string, taken: boolean];

/** Characters that no terminal, page or log may show unescaped, although Postgres stores them. */
const CONTROLS = "\u0001\u001b[2J\u001b]52;c;YQ==\u0007\u0085\u009b31m\u202e\u2066\ufeff\r\n\t";

const nested = (depth: number) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
const filled = (unit: string, bytes: number) => {
  const body = `{"a":[${Array(Math.floor((bytes - 20) / (unit.length + 1)))
    .fill(unit)
    .join(",")}],"b":""}`;
  return body.replace('"b":""', `"b":"${"x".repeat(bytes - body.length)}"`);
};

/** Payloads, as JSON text. */
export const PAYLOADS: readonly DoorInput[] = [
  ["an empty object", "{}", true],
  ["an array in it", '{"a":[1,null,true,"x",{}]}', true],
  ["an empty key and those of prototypes", '{"":1,"__proto__":{"constructor":2},"toString":null}', true],
  ["an array", "[[1]]", false],
  ["a number", "5", false],
  ["null", "null", false],
  ["text", '"text"', false],
  ["a name twice, of which the last counts", '{"a":1,"a":2}', true],
  ["control characters and such that turn text round", JSON.stringify({ [CONTROLS]: CONTROLS }), true],
  ["emoji", '{"😀":"😀👩‍👩‍👧"}', true],
  ["U+0000 in a text", '{"a":["x\\u0000"]}', false],
  ["U+0000 in a key", '{"\\u0000":1}', false],
  ["half a surrogate pair", '{"a":"\\ud83d"}', false],
  ["the other half", '{"a":"\\ude00 "}', false],
  ["half a pair as a key", '{"\\ud83d":1}', false],
  ["a whole pair, escaped", '{"a":"\\ud83d\\ude00"}', true],
  ["as many levels as there may be", nested(MAX_PAYLOAD_DEPTH), true],
  ["a level more", nested(MAX_PAYLOAD_DEPTH + 1), false],
  ["as many bytes as there may be, of ones", filled("1", MAX_PAYLOAD_BYTES), true],
  ["a byte more, of ones", filled("1", MAX_PAYLOAD_BYTES + 1), false],
  ["numbers that are too long written out", `{"a":[${Array(4_000).fill("1e300").join(",")}]}`, false],
  ["numbers that are long written out", `{"a":[${Array(3_000).fill("1e300").join(",")}]}`, true],
  ["a kind of one's own", '{"kind":"order.paid"}', true],
  ["a kind of the hub's own", '{"kind":"eventhub.dispatch.lost","dispatchId":"x"}', false],
  ["a kind in the hub's own namespace", '{"kind":"eventhub."}', false],
  ["a kind that only looks like it", '{"kind":"eventhubs.new"}', true],
  ["the namespace's name alone", '{"kind":"eventhub"}', true],
  ["other letters' case", '{"kind":"EventHub.dispatch.lost"}', true],
  ["a kind that is no text", '{"kind":["eventhub.dispatch.lost"]}', true],
  ["a kind further down, and a type", '{"a":{"kind":"eventhub.x"},"type":"eventhub.x"}', true],
];

/** Numbers, as JSON text, that a reader of doubles would change. */
export const NUMBERS: readonly DoorInput[] = [
  ["0 and -0", "[0,-0,0e-400]", true],
  ["the largest double", "1.7976931348623157e308", true],
  ["more than that", "1e309", false],
  ["less than its opposite", "-1e400", false],
  ["the smallest double", "5e-324", true],
  ["2^53", "9007199254740992", true],
  ["2^64", "18446744073709551616", true],
  ["1e23, which no double is", "1e23", true],
  ["more decimals than a double has", "0.1234567890123456789", true],
];

/** Idempotency keys. */
export const KEYS: readonly DoorInput[] = [
  ["a letter", "k", true],
  ["nothing", "", false],
  ["255 letters", "k".repeat(255), true],
  ["256 letters", "k".repeat(256), false],
  ["200 emoji", "😀".repeat(200), true],
  ["255 emoji", "😀".repeat(255), true],
  ["256 emoji", "😀".repeat(256), false],
  ["255 letters with accents of their own", "e\u0301".repeat(128).slice(1), true],
  ["control characters", `k${CONTROLS}k`, true],
];

/** Texts that cannot be parameters of a SQL statement. */
export const UNSTORABLE: readonly DoorInput[] = [
  ["U+0000", "a\0b", false],
  ["half a surrogate pair", "a\ud83d", false],
  ["the other half", "\ude00a", false],
];

/** Names of routes. */
export const NAMES: readonly DoorInput[] = [
  ["a word", "invoices", true],
  ["nothing", "", false],
  ["100 letters", "n".repeat(100), true],
  ["101 letters", "n".repeat(101), false],
  ["100 emoji", "😀".repeat(100), true],
  ["101 emoji", "😀".repeat(101), false],
  ["control characters", `n${CONTROLS}n`, true],
  ...UNSTORABLE,
];

/** Times of this century that are not in the future. */
export const MOMENTS: readonly DoorInput[] = [
  ["a date", "2026-03-01", true],
  ["minutes", "2026-03-01T08:00Z", true],
  ["seconds", "2026-03-01T08:00:00Z", true],
  ["small letters", "2026-03-01t08:00:00z", true],
  ["nanoseconds", "2026-03-01T08:00:00.123456789Z", true],
  ["more digits than nanoseconds", "2026-03-01T08:00:00.1234567890123Z", true],
  ["an offset", "2026-03-01T08:00:00+05:45", true],
  ["an offset that is not known", "2026-03-01T08:00:00-00:00", true],
  ["the end of a day", "2026-03-01T24:00:00Z", true],
  ["after the end of a day", "2026-03-01T24:00:01Z", false],
  ["a leap second", "2016-12-31T23:59:60Z", true],
  ["a leap second elsewhere", "2017-01-01T05:29:60+05:30", true],
  ["a 61st second within a day", "2026-03-01T08:00:60Z", false],
  ["a leap day", "2024-02-29", true],
  ["no leap day", "2026-02-29", false],
  ["the 31st of June", "2026-06-31T00:00:00Z", false],
  ["month 13", "2026-13-01", false],
  ["hour 25", "2026-03-01T25:00:00Z", false],
  ["an offset of a day", "2026-03-01T08:00:00+24:00", false],
  ["an offset without a colon", "2026-03-01T08:00:00+0100", false],
  ["a space for the T", "2026-03-01 08:00:00Z", false],
  ["no dashes", "20260301", false],
  ["a month", "2026-03", false],
  ["a week", "2026-W09-7", false],
  ["seconds since 1970", "1772352000", false],
  ["English", "March 1, 2026", false],
  ["RFC 850", "Sunday, 01-Mar-26 08:00:00 GMT", false],
  ["other digits", "２０２６-03-01", false],
  ["a line break behind it", "2026-03-01\n", false],
];
