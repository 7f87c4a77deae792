import type { JsonValue } from "../../../../schema/contract/index.ts";
import { type Address, type Block, inBlock, mask, parseAddress } from "../operators/addresses.ts";

interface Entry<T> {
  readonly block: Block;
  readonly target: T;
}

/** Finds the blocks that contain an address, with one look-up for each prefix length that occurs: at most 129. */
export class BlockLookup<T> {
  readonly #byBits = new Map<number, Map<string, Entry<T>>>();

  constructor(entries: readonly Entry<T>[]) {
    for (const entry of entries) {
      const { address, bits } = entry.block;
      const blocks = this.#byBits.get(bits) ?? new Map<string, Entry<T>>();
      this.#byBits.set(bits, blocks.set(network(address, bits), entry));
    }
  }

  find(value: JsonValue, visit: (target: T) => void): void {
    const address = typeof value === "string" ? parseAddress(value) : undefined;
    if (address === undefined) return;
    for (const [bits, blocks] of this.#byBits) {
      const entry = blocks.get(network(address, bits));
      if (entry !== undefined && inBlock(address, entry.block)) visit(entry.target);
    }
  }
}

function network({ words }: Address, bits: number): string {
  return words.map((word, index) => (word & mask(bits, index)) >>> 0).join(".");
}
