import type { Primitive } from "../../../../schema/config/operands.ts";
import type { Block } from "../operators/addresses.ts";

/** A span of numbers. If an end is open, the span does not contain it. */
export interface Span {
  readonly low: number;
  readonly lowOpen: boolean;
  readonly high: number;
  readonly highOpen: boolean;
}

/** The kinds of keys that an index can look up. A value is found under a key if it has this property. */
export type Key =
  | { readonly kind: "value"; readonly value: Primitive }
  | { readonly kind: "folded"; readonly text: string }
  | { readonly kind: "member"; readonly value: Primitive }
  | { readonly kind: "foldedMember"; readonly text: string }
  | { readonly kind: "prefix" | "suffix" | "substring"; readonly text: string; readonly folded: boolean }
  | { readonly kind: "span"; readonly span: Span }
  | { readonly kind: "block"; readonly block: Block }
  | { readonly kind: "present" };

/** The keys of an operator: a value that satisfies it is found under at least one of them. */
export interface Keys {
  readonly keys: readonly Key[];
  /** Whether being found is also sufficient. Then the operator need not be evaluated. */
  readonly proof: boolean;
}

/** For an operator that no index helps: every present value has to be examined. */
export const PRESENT: Keys = { keys: [{ kind: "present" }], proof: false };

/** A key's identity among the keys of one path. */
export function keyName(key: Key): string {
  switch (key.kind) {
    case "value":
    case "member":
      // 0 and -0 give one key, because they are one value.
      return `${key.kind}:${typeof key.value}:${key.value}`;
    case "folded":
    case "foldedMember":
      return `${key.kind}:${key.text}`;
    case "prefix":
    case "suffix":
    case "substring":
      return `${key.kind}:${key.folded}:${key.text}`;
    case "span":
      return `span:${key.span.low}:${key.span.lowOpen}:${key.span.high}:${key.span.highOpen}`;
    case "block":
      return `block:${key.block.address.words.join(".")}:${key.block.bits}`;
    case "present":
      return "present";
  }
}
