import {
  MAX_PAYLOAD_DEPTH,
  MAX_TRANSFORM_STEPS,
  MAX_TRANSFORM_TEXT_LENGTH,
  MAX_TRANSFORM_WEIGHT,
} from "../../schema/vocabulary/limits.ts";
import { TransformFault } from "./fault.ts";

/** Characters, and members of a list, that count as one step. */
const CHARACTERS_A_STEP = 128;
const MEMBERS_A_STEP = 16;

/** What each value weighs beside its characters. */
const WEIGHT_OF_A_VALUE = 8;

/** How large a value is, written out, and how deep. */
export interface Size {
  weight: number;
  depth: number;
}

const SCALAR: Size = { weight: WEIGHT_OF_A_VALUE, depth: 0 };

/** Counts the work of one evaluation, and ends it with a fault when it is too much. */
export class Meter {
  #left = MAX_TRANSFORM_STEPS;
  /** What is known of the values seen so far: parts that are shared are looked at once. */
  #sizes = new WeakMap<object, Size>();

  /** @throws TransformFault once the steps are spent */
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

  /** A text of this length is about to be made. */
  text(length: number): void {
    this.boundText(length);
    this.characters(length);
  }

  boundText(length: number): void {
    if (!(length <= MAX_TRANSFORM_TEXT_LENGTH)) {
      throw new TransformFault(`makes a text of more than ${MAX_TRANSFORM_TEXT_LENGTH} characters`);
    }
  }

  /** All of a value is about to be read. */
  read(value: unknown): Size {
    const size = this.size(value);
    this.characters(size.weight);
    return size;
  }

  /** @throws TransformFault if the value is too large or too deep, written out */
  size(value: unknown): Size {
    return this.#measure(value, 0);
  }

  /** Values have been changed in place: what is known of them is void. */
  forget(): void {
    this.#sizes = new WeakMap();
  }

  /** What still runs of an evaluation that is over ends with its next step. */
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

/** What the library takes for a function: JavaScript's own, and its objects for built-in and user-defined ones. */
export function isFunction(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  const { _jsonata_lambda: lambda, _jsonata_function: native } = value as Record<string, unknown>;
  return lambda === true || native === true;
}
