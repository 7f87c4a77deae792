import type { Place } from "../../../../schema/config/faults.ts";
import type { JsonValue } from "../../../../schema/contract/index.ts";
import { Refusal } from "../../../../schema/text/patterns/refusal.ts";
import type { Keys } from "../lookup/keys.ts";

/** A compiled operator. */
export interface Test {
  /** Whether a value that was found satisfies the operator. */
  readonly holds: (value: JsonValue) => boolean;
  readonly keys: Keys;
  /** The approximate cost of evaluation. 1 is an equality. */
  readonly cost: number;
}

/** A fault of an operand, with the place of the wrong part. */
export class OperandRefusal extends Refusal {
  readonly place: Place;

  constructor(place: Place, message: string) {
    super(message);
    this.place = place;
  }
}

/** The result of `read`. A fault gets the place of the operand. @throws OperandRefusal */
export function located<T>(place: Place, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Refusal ? new OperandRefusal(place, error.message) : error;
  }
}
