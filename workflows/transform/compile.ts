import jsonata from "jsonata";
import { cut } from "../../schema/config/faults.ts";
import { EmitError } from "../../schema/contract/emit-error.ts";
import type { EventPayload } from "../../schema/contract/index.ts";
import { type EncodedPayload, encodePayload } from "../../schema/payload/encode.ts";
import {
  MAX_PAYLOAD_BYTES,
  MAX_TRANSFORM_DEPTH,
  MAX_TRANSFORM_GROWTH_BYTES,
  MAX_TRANSFORM_LIST_LENGTH,
} from "../../schema/vocabulary/limits.ts";
import { TransformFault } from "./fault.ts";
import { functionsOf, payResult } from "./functions.ts";
import { inspect, type Part, type Parts } from "./inspect.ts";
import { unveil, veil } from "./marks.ts";
import { isFunction, Meter } from "./meter.ts";
import { ENTRY, type Environment, EXIT } from "./natives.ts";
import { patternsOf } from "./pattern.ts";

/** The longest message of a fault, in characters. */
const MAX_MESSAGE_LENGTH = 300;

/** A compiled expression that transforms payloads. */
export interface Transform {
  /**
   * Returns the payload that a destination gets in place of `payload`, which stays unchanged. The same arguments always give the same result: the
   * expression's clock shows the time of the event.
   *
   * @throws TransformFault
   */
  run(payload: EventPayload, emittedAt: Date): Promise<EventPayload>;
}

/** The meter of an evaluation that is just starting. */
let starting: Meter | undefined;

/** @throws TransformFault with everything that is wrong with the expression */
export function compileTransform(source: string): Transform {
  const options = { stack: MAX_TRANSFORM_DEPTH, sequence: MAX_TRANSFORM_LIST_LENGTH };
  let expression: jsonata.Expression;
  try {
    expression = jsonata(source, options);
  } catch (error) {
    throw new TransformFault(`is not JSONata: ${describe(error)}`);
  }
  const { parts, faults } = inspect(expression.ast());
  if (faults.length > 0) {
    throw new TransformFault(faults.map(({ position, message }) => `${message}${place(position)}`).join("; "));
  }
  addHooks(expression, parts);
  return { run: (payload, emittedAt) => run(expression, payload, emittedAt) };
}

/** Counts what an expression does. An evaluation is identified by its base environment, since several may run at once. */
function addHooks(expression: jsonata.Expression, { read, selects, changes, ends }: Parts): void {
  const meters = new WeakMap<object, Meter>();
  const enter = (part: Part, input: unknown, { base }: Environment) => {
    let meter = meters.get(base);
    if (meter === undefined) {
      meter = starting ?? new Meter();
      meters.set(base, meter);
      base.RegexEngine = patternsOf(meter);
    }
    meter.spend(1);
    const searches = part.type === "wildcard" || part.type === "descendant";
    if (searches || (part.type === "name" && Array.isArray(input))) meter.read(input);
  };
  const leave = (part: Part, _input: unknown, { base }: Environment, result: unknown) => {
    const meter = meters.get(base);
    if (meter === undefined) return;
    if (part.type === "binary" && part.value === "&") payResult(result, meter);
    else if (typeof result !== "string") payResult(result, meter);
    if (read.has(part)) meter.read(result);
    if (selects.has(part)) refuseOddSelection(result);
    if (ends.has(part)) refuseOddEnd(result);
    if (changes.has(part)) meter.forget();
  };
  expression.assign(ENTRY as unknown as string, enter);
  expression.assign(EXIT as unknown as string, leave);
}

/** Above this, adding 1 gives the same number, so counting would never end. */
function refuseOddEnd(end: unknown): void {
  if (typeof end !== "number" || Math.abs(end) < Number.MAX_SAFE_INTEGER) return;
  throw new TransformFault("has a range that ends at a number of more than 2^53");
}

/** Writing to an array could give it any length, and writing to a function of the library could change its meaning. */
function refuseOddSelection(selected: unknown): void {
  for (const value of Array.isArray(selected) ? selected : [selected]) {
    if (Array.isArray(value) || isFunction(value))
      throw new TransformFault("changes with |...|...| something that is not an object");
  }
}

async function run(expression: jsonata.Expression, payload: EventPayload, emittedAt: Date): Promise<EventPayload> {
  // Measured in the same way as every payload, and as the result.
  const { json, bytes } = encode(payload, "the payload");
  const meter = new Meter();
  let evaluation: Promise<unknown>;
  starting = meter;
  try {
    // A copy, since the expression may change its input. The first hook is called before this returns.
    evaluation = expression.evaluate(JSON.parse(veil(json)), functionsOf(meter, emittedAt));
  } finally {
    starting = undefined;
  }
  try {
    return readResult(await evaluation, bytes);
  } catch (error) {
    if (error instanceof TransformFault) throw error;
    throw new TransformFault(describe(error));
  } finally {
    meter.stop();
  }
}

function readResult(result: unknown, payloadBytes: number): EventPayload {
  if (result === undefined) throw new TransformFault("gives nothing, but a payload must be a JSON object");
  refuseFunctions(result, "the result");
  const limit = Math.min(MAX_PAYLOAD_BYTES, payloadBytes + MAX_TRANSFORM_GROWTH_BYTES);
  // In the form of JSON: a group that took no part in a match becomes null.
  const { payload, bytes } = encode(JSON.parse(unveil(JSON.stringify(result))), "the result");
  if (bytes <= limit) return payload;
  throw new TransformFault(
    `gives ${bytes} bytes of JSON, but ${limit} are allowed: ${MAX_TRANSFORM_GROWTH_BYTES} more than the payload has, at most ${MAX_PAYLOAD_BYTES}`,
  );
}

function encode(payload: unknown, place: string): EncodedPayload {
  try {
    return encodePayload(payload, place);
  } catch (error) {
    if (error instanceof EmitError) throw new TransformFault(error.message.replace(/^\[\w+\] /, ""));
    throw error;
  }
}

/** Functions of the library look like objects. The meter has already measured the result, so it is neither deep nor a cycle. */
function refuseFunctions(value: unknown, at: string): void {
  if (isFunction(value)) throw new TransformFault(`${cut(at, 100)} is a function, which JSON cannot hold`);
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    if (Array.isArray(value) && !/^\d/.test(key)) continue; // the library's own marks
    refuseFunctions((value as Record<string, unknown>)[key], Array.isArray(value) ? `${at}[${key}]` : `${at}.${key}`);
  }
}

/** Our messages for limits. The library's name what the expression asked for, or give advice that does not help. */
const LIMITS: Readonly<Record<string, string>> = {
  D2014: `makes a list of more than ${MAX_TRANSFORM_LIST_LENGTH} members`,
  D2015: `makes a list of more than ${MAX_TRANSFORM_LIST_LENGTH} members`,
  D1011: `has more than ${MAX_TRANSFORM_DEPTH} parts waiting for others at once: a function that calls itself, or the groups of one {...}`,
};

/** Describes an error: the library throws objects with a code, a message and a position; JavaScript itself throws errors. */
function describe(error: unknown): string {
  const thrown = (typeof error === "object" && error !== null ? error : {}) as Record<string, unknown>;
  const { code, message, position } = thrown;
  const limit = Object.hasOwn(LIMITS, String(code)) ? LIMITS[String(code)] : undefined;
  const said = unveil(typeof message === "string" ? message : String(error));
  return `${limit ?? cut(said, MAX_MESSAGE_LENGTH)}${place(position)}`;
}

const place = (position: unknown) => (typeof position === "number" ? ` (at character ${position})` : "");
