import type { DispatchMessage } from "../schema/queue/messages.ts";
import type { EnvOf } from "../schema/vocabulary/settings.ts";
import type { Work } from "./group.ts";

/** The executor's own settings and bindings. Its destinations' bindings stand beside them, each under the name that routes use. */
export type ExecutorEnv = EnvOf<"executor", { EVENTHUB_QUEUE: Queue<DispatchMessage>; DISPATCH: Workflow<Work> }>;
