import type { Group } from "./group.ts";

/**
 * The id of a group's instance: its first dispatch and a hash of all (dispatch, generation) pairs. A repeated message makes the same id, so the
 * engine refuses the second instance. Another set of dispatches makes another instance, and the claims decide.
 */
export async function instanceIdOf({ members }: Group): Promise<string> {
  const pairs = members.map(({ id, generation }) => `${id} ${generation}`).sort();
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pairs.join("\n")));
  const hash = [...new Uint8Array(digest).subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${pairs[0]?.split(" ")[0] ?? ""}-${hash}`;
}

/** A new id for an instance that takes dispatches itself: it belongs to a destination, and not to dispatches, so there is nothing to repeat. */
export const newPullerId = (): string => `flow-${crypto.randomUUID()}`;
