import { LEARNED_SIZE_MS } from "../schema/vocabulary/limits.ts";

/** By destination: the largest group that it could take, and when that was learned. */
const learned = new Map<string, { size: number; at: number }>();

const fresh = (name: string, now: number) => {
  const known = learned.get(name);
  return known !== undefined && now - known.at < LEARNED_SIZE_MS ? known : undefined;
};

/** Remembers for an hour how large a destination's groups may be. True if this isolate did not know it. */
export function learnSize(destination: string, size: number, now = Date.now()): boolean {
  if ((fresh(destination, now)?.size ?? Number.POSITIVE_INFINITY) <= size) return false;
  learned.set(destination, { size, at: now });
  return true;
}

/** How large a destination's groups may be, as far as this isolate remembers; infinite if it does not. */
export const learnedSizeOf = (destination: string, now = Date.now()): number =>
  fresh(destination, now)?.size ?? Number.POSITIVE_INFINITY;
