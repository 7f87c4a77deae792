import type { DispatchMessage } from "../../schema/queue/messages.ts";
import type { EnvOf } from "../../schema/vocabulary/settings.ts";
import type { AlarmBinding } from "../../workflows/call-alarm.ts";

/** The hub's settings and bindings. */
export type HubEnv = EnvOf<"hub", { EVENTHUB_QUEUE: Queue<DispatchMessage>; EVENTHUB_ALARM: AlarmBinding }>;
