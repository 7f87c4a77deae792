import { type ForkedBackend, forkBackend } from "../../support/fork-backend.ts";
import type { BackendReady } from "./backend.ts";

/** The backend's process, as its parent sees it. */
export type Backend = ForkedBackend<BackendReady>;

/** Starts Postgres and the Neon endpoint in a process of their own, with their data in `directory`. */
export const startBackend = (directory: string): Promise<Backend> =>
  forkBackend<BackendReady>(new URL("./backend.ts", import.meta.url), { TMPDIR: directory });
