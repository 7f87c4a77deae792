import type { DispatchMessage } from "../schema/queue/messages.ts";
import type { EnvOf } from "../schema/vocabulary/settings.ts";
import type { AlarmBinding } from "./call-alarm.ts";
import type { Work } from "./group.ts";

/** The executor's own settings and bindings. The environment also has the bindings of destinations, each with the name that routes use. */
export type ExecutorEnv = EnvOf<
  "executor",
  { EVENTHUB_QUEUE: Queue<DispatchMessage>; EVENTHUB_ALARM: AlarmBinding; DISPATCH: Workflow<Work> }
>;
