import { ALARM_BINDING } from "../../schema/vocabulary/deployment.ts";
import type { Project } from "./project.ts";
import type { WranglerFile } from "./wrangler-file.ts";

/** The place of the alarm among a Worker's bindings of Durable Objects; -1 if it has none. */
export const alarmIndex = ({ config }: WranglerFile): number =>
  config.durable_objects?.bindings?.findIndex(({ name }) => name === ALARM_BINDING) ?? -1;

/** Whether the alarm calls the hub's parts: then crons are only the backstop. */
export const hasAlarm = ({ hub, executor }: Project): boolean =>
  [hub, executor].every((file) => file !== undefined && alarmIndex(file) >= 0);
