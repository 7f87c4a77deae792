import { hash as sha256 } from "fast-sha256";
import type { Destination } from "../../../schema/config/destinations/index.ts";
import { at, type Faults, isRecord, type Place } from "../../../schema/config/faults.ts";
import type { Policy } from "../../../schema/config/policy.ts";
import type { RouteConfig } from "../../../schema/config/routes.ts";
import type { EventPayload, JsonValue } from "../../../schema/contract/index.ts";
import { Refusal } from "../../../schema/text/patterns/refusal.ts";
import { firstOf, isLonger, isStorable } from "../../../schema/text/unicode.ts";
import { HASHED_FLOW_KEY_LENGTH, MAX_FLOW_KEY_LENGTH } from "../../../schema/vocabulary/limits.ts";
import { compilePath, type Path } from "./path/path.ts";
import type { RouteExplanation } from "./types.ts";

/** The keys of one dispatch: the one that its destination's limits count by, and the one of its order. */
export type FlowKeys = Pick<Policy, "flowKey" | "orderKey">;

const NONE: FlowKeys = Object.freeze({ flowKey: null, orderKey: null });

/** Reads the keys that one destination gives a payload. */
type KeyReader = (payload: EventPayload) => FlowKeys;

/**
 * Compiles the paths of all destinations' keys. Adds a fault for each that is not a JSONPath of a single value.
 *
 * @returns a function that gives the keys of a payload's dispatch to a destination, by the destination's name
 */
export function flowKeysOf(
  { destinations }: Pick<RouteConfig, "destinations">,
  faults: Faults,
): (destination: string, payload: EventPayload) => FlowKeys {
  const readers = new Map<string, KeyReader>();
  for (const [name, { limits, order }] of Object.entries(destinations)) {
    if (limits === undefined && order === undefined) continue;
    const here = at(at(undefined, "destinations"), name);
    const keyed = limits?.findIndex(({ key }) => key !== undefined) ?? -1;
    const limitPath = compileKey(limits?.[keyed]?.key, at(at(at(here, "limits"), keyed), "key"), faults);
    const orderPath = compileKey(order?.key, at(at(here, "order"), "key"), faults);
    readers.set(
      name,
      once((payload) => ({
        flowKey: limitPath === undefined ? "" : keyOf(limitPath.one(payload)),
        orderKey: orderPath === undefined ? null : keyOf(orderPath.one(payload)),
      })),
    );
  }
  if (readers.size === 0) return () => NONE;
  return (destination, payload) => readers.get(destination)?.(payload) ?? NONE;
}

/** The keys of a dispatch that its destination's configuration asks for; `undefined` if it asks for none. */
export function namedKeys(
  destination: Destination | undefined,
  { flowKey, orderKey }: FlowKeys,
): RouteExplanation["keys"] {
  const limited = flowKey !== null && destination?.limits?.some(({ key }) => key !== undefined) === true;
  if (!limited && orderKey === null) return undefined;
  return { ...(limited ? { limits: flowKey } : {}), ...(orderKey === null ? {} : { order: orderKey }) };
}

/** Reads each payload once, even if many routes take it to one destination: its key may be a mebibyte to hash. */
function once(read: KeyReader): KeyReader {
  const known = new WeakMap<EventPayload, FlowKeys>();
  return (payload) => {
    const keys = known.get(payload) ?? Object.freeze(read(payload));
    known.set(payload, keys);
    return keys;
  };
}

function compileKey(text: string | undefined, place: Place, faults: Faults): Path | undefined {
  if (text === undefined) return undefined;
  try {
    const path = compilePath(text, 0);
    if (path.singular) return path;
    faults.add(place, "may find several values: a key has names and indices only, such as $.customer.id");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    faults.add(place, error.message);
  }
  return undefined;
}

/**
 * A value as a key of at most {@link MAX_FLOW_KEY_LENGTH} characters. A string stays as it is, and null or nothing becomes the empty string. Any
 * other value becomes JSON with the members of objects sorted by name. A longer key becomes its beginning and the SHA-256 of all of it.
 */
function keyOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value, inOrder);
  // No stored event has such a text, but one that is only tried out with the routes may.
  const key = isStorable(text) ? text : text.toWellFormed().replaceAll("\0", "\uFFFD");
  return isLonger(key, MAX_FLOW_KEY_LENGTH) ? `${firstOf(key, HASHED_FLOW_KEY_LENGTH)}~${hashOf(key)}` : key;
}

/** Sorts members by name. Postgres does not keep their order, so events emitted in SQL get the same keys as others. */
const inOrder = (_name: string, value: unknown): unknown =>
  isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))) : value;

/** Not Web Crypto, whose hash is asynchronous, so that every match would have to wait. The hub has no `nodejs_compat` either. */
const hashOf = (text: string): string =>
  [...sha256(new TextEncoder().encode(text))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
