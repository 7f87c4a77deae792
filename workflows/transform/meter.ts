import {
  MAX_PAYLOAD_DEPTH,
  MAX_TRANSFORM_STEPS,
  MAX_TRANSFORM_TEXT_LENGTH,
  MAX_TRANSFORM_WEIGHT,
} from "../../schema/vocabulary/limits.ts";
import { TransformFault } from "./fault.ts";

/** How many characters, or members of a list, count as one step. */
const CHARACTERS_A_STEP = 128;
const MEMBERS_A_STEP = 16;

/** The weight of each value beside its characters. */
const WEIGHT_OF_A_VALUE = 8;

/** The size of a value when it is written out, and its depth. */
export interface Size {
  weight: number;
  depth: number;
}

const SCALAR: Size = { weight: WEIGHT_OF_A_VALUE, depth: 0 };

/** Counts the work of one evaluation, and ends it with a fault when it exceeds a limit. */
export class Meter {
  #left = MAX_TRANSFORM_STEPS;
  /** The sizes of the values seen so far, so that shared parts are measured once. */
  #sizes = new WeakMap<object, Size>();

  /** @throws TransformFault when the steps are used up */
  spend(steps: number): void {
    this.#left -= steps;
    if (!(this.#left >= 0)) throw new TransformFault(`takes more than ${MAX_TRANSFORM_STEPS} steps`);
  }

  characters(count: number): void {
    this.spend(count / CHARACTERS_A_STEP);
  }

  members(count: number): void {
    this.spend(count / MEMBERS_A_STEP);
  }

  /** Call this before a text of this length is made. */
  text(length: number): void {
    this.boundText(length);
    this.characters(length);
  }

  boundText(length: number): void {
    if (!(length <= MAX_TRANSFORM_TEXT_LENGTH)) {
      throw new TransformFault(`makes a text of more than ${MAX_TRANSFORM_TEXT_LENGTH} characters`);
    }
  }

  /** Call this before all of a value is read. */
  read(value: unknown): Size {
    const size = this.size(value);
    this.characters(size.weight);
    return size;
  }

  /** @throws TransformFault if the value would be too large or too deep when it is written out */
  size(value: unknown): Size {
    return this.#measure(value, 0);
  }

  /** Values were changed in place, so the known sizes are void. */
  forget(): void {
    this.#sizes = new WeakMap();
  }

  /** The evaluation is over. Anything of it that still runs ends with its next step. */
  stop(): void {
    this.#left = Number.NEGATIVE_INFINITY;
  }

  #measure(value: unknown, above: number): Size {
    if (typeof value === "string") return { weight: WEIGHT_OF_A_VALUE + value.length, depth: 0 };
    if (typeof value !== "object" || value === null || isFunction(value)) return SCALAR;
    const known = this.#sizes.get(value);
    if (known !== undefined) {
      if (above + known.depth > MAX_PAYLOAD_DEPTH) throw tooDeep();
      return known;
    }
    if (above >= MAX_PAYLOAD_DEPTH) throw tooDeep();
    let weight = WEIGHT_OF_A_VALUE;
    let depth = 1;
    let count = 0;
    const add = (member: unknown) => {
      const size = this.#measure(member, above + 1);
      weight += size.weight;
      depth = Math.max(depth, size.depth + 1);
      count++;
      if (weight > MAX_TRANSFORM_WEIGHT) throw new TransformFault("makes a value that is too large, written out");
    };
    if (Array.isArray(value)) for (const member of value) add(member);
    else {
      for (const key of Object.keys(value)) {
        weight += key.length;
        add((value as Record<string, unknown>)[key]);
      }
    }
    this.members(count);
    const size = { weight, depth };
    this.#sizes.set(value, size);
    return size;
  }
}

const tooDeep = () =>
  new TransformFault(`makes a value that is nested deeper than ${MAX_PAYLOAD_DEPTH} levels, or a cycle`);

/** Whether the library treats a value as a function: a JavaScript function, or one of its own objects for built-in and user-defined ones. */
export function isFunction(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  const { _jsonata_lambda: lambda, _jsonata_function: native } = value as Record<string, unknown>;
  return lambda === true || native === true;
}
