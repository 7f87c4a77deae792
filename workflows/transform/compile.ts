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

/** Longest message of a fault, in characters. */
const MAX_MESSAGE_LENGTH = 300;

/** A compiled expression that shapes payloads. */
export interface Transform {
  /**
   * The payload that a destination gets in place of `payload`, which is left as it is. The same for the same arguments, always: the time is that
   * of the event.
   * @throws TransformFault
   */
  run(payload: EventPayload, emittedAt: Date): Promise<EventPayload>;
}

/** Where the steps of an evaluation that is just starting are counted. */
let starting: Meter | undefined;

/** @throws TransformFault with all that is wrong with the expression */
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

/** Counts what an expression does. An evaluation is known by its base environment; several may be under way. */
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

/** Where 1 more is the same number, counting never ends. */
function refuseOddEnd(end: unknown): void {
  if (typeof end !== "number" || Math.abs(end) < Number.MAX_SAFE_INTEGER) return;
  throw new TransformFault("has a range that ends at a number of more than 2^53");
}

/** Written to, an array may get any length, and a function of the library's another meaning. */
function refuseOddSelection(selected: unknown): void {
  for (const value of Array.isArray(selected) ? selected : [selected]) {
    if (Array.isArray(value) || isFunction(value)) throw new TransformFault("changes with |...|...| what is no object");
  }
}

async function run(expression: jsonata.Expression, payload: EventPayload, emittedAt: Date): Promise<EventPayload> {
  // Measured like every payload, and so like the result.
  const { json, bytes } = encode(payload, "the payload");
  const meter = new Meter();
  let evaluation: Promise<unknown>;
  starting = meter;
  try {
    // The expression may change what it is given. The first hook is called before this returns.
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
  if (result === undefined) throw new TransformFault("gives nothing, and a payload must be a JSON object");
  refuseFunctions(result, "the result");
  const limit = Math.min(MAX_PAYLOAD_BYTES, payloadBytes + MAX_TRANSFORM_GROWTH_BYTES);
  // As JSON has it, where a group that took no part in a match is null.
  const { payload, bytes } = encode(JSON.parse(unveil(JSON.stringify(result))), "the result");
  if (bytes <= limit) return payload;
  throw new TransformFault(
    `gives ${bytes} bytes of JSON, and ${limit} are allowed: ${MAX_TRANSFORM_GROWTH_BYTES} more than the payload has, at most ${MAX_PAYLOAD_BYTES}`,
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

/** The library's functions look like objects. The meter has seen the result: it is neither deep nor a cycle. */
function refuseFunctions(value: unknown, at: string): void {
  if (isFunction(value)) throw new TransformFault(`${cut(at, 100)} is a function, which JSON cannot hold`);
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    if (Array.isArray(value) && !/^\d/.test(key)) continue; // the library's own marks
    refuseFunctions((value as Record<string, unknown>)[key], Array.isArray(value) ? `${at}[${key}]` : `${at}.${key}`);
  }
}

/** What the library says of a limit names what was asked for, or advises what is no help. */
const LIMITS: Readonly<Record<string, string>> = {
  D2014: `makes a list of more than ${MAX_TRANSFORM_LIST_LENGTH} members`,
  D2015: `makes a list of more than ${MAX_TRANSFORM_LIST_LENGTH} members`,
  D1011: `has more than ${MAX_TRANSFORM_DEPTH} parts waiting for others at once: a function that calls itself, or the groups of one {...}`,
};

/** The library throws objects with a code, a message and a position, and what goes wrong within JavaScript itself. */
function describe(error: unknown): string {
  const thrown = (typeof error === "object" && error !== null ? error : {}) as Record<string, unknown>;
  const { code, message, position } = thrown;
  const limit = Object.hasOwn(LIMITS, String(code)) ? LIMITS[String(code)] : undefined;
  const said = unveil(typeof message === "string" ? message : String(error));
  return `${limit ?? cut(said, MAX_MESSAGE_LENGTH)}${place(position)}`;
}

const place = (position: unknown) => (typeof position === "number" ? ` (at character ${position})` : "");
