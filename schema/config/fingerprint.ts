import type { RouteConfig } from "./routes.ts";

const known = new WeakMap<RouteConfig, Promise<string>>();

/** How many bytes of the hash are shown. The chance that two different configurations have the same ones is negligible. */
const BYTES = 8;

/** A hash of a route configuration, to see whether two Workers have the same one. Computed once per isolate. */
export function fingerprintOf(config: RouteConfig): Promise<string> {
  const made = known.get(config) ?? hash(JSON.stringify(config));
  known.set(config, made);
  return made;
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest, 0, BYTES), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
