const MASK = (1n << 64n) - 1n;

/**
 * The id of the span of one attempt, 16 hex digits. It is computed, so that whatever part of the engine's work runs again gives the same attempt the
 * same id; each attempt of a dispatch has another one. The bits are mixed, since ids of one moment differ in few of them.
 *
 * @param attempt From 1.
 * @see https://prng.di.unimi.it/splitmix64.c
 */
export function attemptSpanId(dispatchId: string, attempt: number): string {
  let mixed = (low64(dispatchId) + BigInt(attempt) * 0x9e3779b97f4a7c15n) & MASK;
  mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & MASK;
  mixed ^= mixed >> 31n;
  // 0 is not a valid id.
  return (mixed === 0n ? 1n : mixed).toString(16).padStart(16, "0");
}

/** The trace of a delivery that an operator repeated: the dispatch's own id, which is as random as the id of a trace must be. */
export const dispatchTraceId = (dispatchId: string): string => dispatchId.replaceAll("-", "");

/** A new trace's id. */
export const newTraceId = (): string => randomHex(16);

/** A new span's id. */
export const newSpanId = (): string => randomHex(8);

const low64 = (uuid: string) => BigInt(`0x${uuid.replaceAll("-", "").slice(16)}`);

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  // All zeros would not be a valid id.
  random[0] = (random[0] ?? 0) | 1;
  return [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
