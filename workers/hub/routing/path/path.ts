import { type JSONPathQuery, jsonpath } from "json-p3";
import type { JsonValue } from "../../../../schema/contract/index.ts";
import { Refusal } from "../../../../schema/text/patterns/refusal.ts";
import { checkPathCost } from "./cost.ts";
import { pathKey } from "./path-identity.ts";
import { queryReader } from "./query-reader.ts";
import { childReader, isSingular, type Key, type Nodes, singularKeys, singularReader } from "./segments.ts";

/** Stands for every child in the trail of a path. */
export const EVERY = Symbol("every child");

/** A compiled JSONPath. */
export interface Path {
  /** Its number within the configuration, from 0. */
  readonly id: number;
  /** Its meaning. Two paths with the same key are one path, however they are spelt. */
  readonly key: string;
  /** Whether it finds at most one value, because it has only names and indices. */
  readonly singular: boolean;
  /** The value that a singular path finds. For another path, the first value. */
  readonly one: (payload: JsonValue) => JsonValue | undefined;
  /** Every value found, in document order. */
  readonly all: (payload: JsonValue) => Nodes;
  /** Its names, indices and wildcards, if it has only those. */
  readonly trail: readonly (Key | typeof EVERY)[] | undefined;
}

/**
 * Compiles an RFC 9535 JSONPath. json-p3 parses it. The code that reads values is ours: direct for plain paths, without recursion, and in time linear
 * in the payload for all.
 *
 * @throws Refusal if it is not a JSONPath, or could take more than linear time.
 */
export function compilePath(text: string, id: number): Path {
  const query = parse(text);
  checkPathCost(query);
  const key = pathKey(query);
  if (isSingular(query)) {
    const keys = singularKeys(query.segments);
    const one = singularReader(keys);
    const all = (payload: JsonValue) => {
      const value = one(payload);
      return value === undefined ? [] : [value];
    };
    return { id, key, singular: true, one, all, trail: keys.every(isForward) ? keys : undefined };
  }
  const all = queryReader(query);
  return {
    id,
    key,
    singular: false,
    one: (payload) => all(payload, payload)[0],
    all: (payload) => all(payload, payload),
    trail: trailOf(query),
  };
}

const environment = new jsonpath.JSONPathEnvironment();

function parse(text: string): JSONPathQuery {
  try {
    return environment.compile(text.replace(ZERO_FIRST, withExponent));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal(`is not an RFC 9535 JSONPath: ${reason}${hint(text)}`);
  }
}

/** A string, or a number between 0 and 1. json-p3 refuses numbers that begin with a zero, such as `0.5`, but reads `5e-1`. */
const ZERO_FIRST =
  /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<![\w.\u0080-\uffff-])0(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)(?![\w.])/gs;

function withExponent(part: string): string {
  if (!part.startsWith("0")) return part;
  return Number(part) === 0 ? "0" : Number(part).toExponential();
}

/** What to write instead of the forms of the seed project's own JSONPath dialect. */
function hint(text: string): string {
  if (!text.startsWith("$")) return "; a path starts with $";
  if (/\[\(/.test(text)) return "; script expressions are not part of it";
  const digits = /\.(\d+)(?:$|[.[])/.exec(text)?.[1];
  return digits === undefined ? "" : `; write [${digits}]`;
}

const isForward = (key: Key) => typeof key === "string" || key >= 0;

function trailOf(query: JSONPathQuery): Path["trail"] {
  const trail: (Key | typeof EVERY)[] = [];
  for (const segment of query.segments) {
    const key = childReader(segment);
    if (key === undefined || (key !== "*" && !isForward(key.key))) return undefined;
    trail.push(key === "*" ? EVERY : key.key);
  }
  return trail;
}
