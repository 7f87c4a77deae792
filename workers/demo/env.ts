import type { EventHub } from "../../schema/contract/index.ts";
import type { EnvOf } from "../../schema/vocabulary/settings.ts";

/** The demo Worker's settings and bindings. */
export type DemoEnv = EnvOf<"demo", { EVENTHUB: EventHub }>;
