import { Refusal } from "../../../../schema/text/patterns/refusal.ts";

/** An IP address as four 32-bit words; an IPv4 address is in its mapped form, `::ffff:a.b.c.d`. */
export interface Address {
  readonly words: readonly [number, number, number, number];
  /** Whether it was written as IPv4. */
  readonly dotted: boolean;
}

/** A block of addresses: those that begin with the same `bits` bits. */
export interface Block {
  readonly address: Address;
  /** 0 to 128. For an IPv4 block, it is 96 more than written. */
  readonly bits: number;
}

const MAPPED_BITS = 96;

/** An IPv4 address of four decimal numbers, or an IPv6 address as in RFC 4291 without a zone; `undefined` for anything else. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  if (!text.includes(":")) {
    const word = parseDotted(text);
    return word === undefined ? undefined : { words: [0, 0, 0xffff, word], dotted: true };
  }
  const groups = parseGroups(text);
  if (groups === undefined) return undefined;
  const word = (index: number) => (((groups[index] ?? 0) << 16) | (groups[index + 1] ?? 0)) >>> 0;
  return { words: [word(0), word(2), word(4), word(6)], dotted: false };
}

function parseDotted(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let word = 0;
  for (const part of parts) {
    // No leading zeros, because some programs read 010 as eight.
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    word = word * 256 + Number(part);
  }
  return word;
}

function parseGroups(text: string): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = "", tail] = halves;
  const before = head === "" ? [] : parseHalf(head, tail === undefined);
  const after = tail === undefined || tail === "" ? [] : parseHalf(tail, true);
  if (before === undefined || after === undefined) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...before, ...new Array<number>(missing).fill(0), ...after];
}

function parseHalf(text: string, mayEndDotted: boolean): number[] | undefined {
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else {
      const word = mayEndDotted && index === parts.length - 1 ? parseDotted(part) : undefined;
      if (word === undefined) return undefined;
      groups.push(word >>> 16, word & 0xffff);
    }
  }
  return groups;
}

/**
 * Reads a block in CIDR notation, or one address.
 *
 * @throws Refusal if it is neither, or has bits set after its prefix.
 */
export function parseBlock(text: string): Block {
  const [, addressText, bitsText] = /^([^/]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text.slice(0, 64)) ?? [];
  const address = addressText === undefined ? undefined : parseAddress(addressText);
  if (address === undefined) throw new Refusal("must be an IPv4 or IPv6 block such as 10.0.0.0/8 or 2001:db8::/32");
  const most = address.dotted ? 32 : 128;
  const bits = Number(bitsText ?? most);
  if (bits > most) throw new Refusal(`must have a prefix of at most ${most} bits, got ${bits}`);
  const block = { address, bits: address.dotted ? bits + MAPPED_BITS : bits };
  if (address.words.some((word, index) => (word & ~mask(block.bits, index)) !== 0)) {
    throw new Refusal(`has bits set after its prefix of ${bits} bits`);
  }
  return block;
}

/** The mask of one word of an address. */
export function mask(bits: number, word: number): number {
  const own = Math.min(Math.max(bits - word * 32, 0), 32);
  return own === 0 ? 0 : (-1 << (32 - own)) >>> 0;
}

/** Whether a block contains an address. Of the IPv6 blocks, only mapped ones contain IPv4 addresses: `::/0` means all of IPv6. */
export function inBlock({ words, dotted }: Address, { address, bits }: Block): boolean {
  if (dotted && bits < MAPPED_BITS) return false;
  for (let index = 0; index < 4; index++) {
    if ((((words[index] ?? 0) ^ (address.words[index] ?? 0)) & mask(bits, index)) !== 0) return false;
  }
  return true;
}
