import type { EnvOf } from "../../schema/vocabulary/settings.ts";

/** The metrics Worker's settings. It has no bindings. */
export type MetricsEnv = EnvOf<"metrics", Record<never, never>>;
