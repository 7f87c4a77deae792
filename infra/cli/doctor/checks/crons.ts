import { DEFAULT_SCHEDULES, SCHEDULES_WITHOUT_ALARM } from "../../../../schema/vocabulary/defaults.ts";
import { cronsOf } from "../../../project/crons-of.ts";
import { hasAlarm } from "../../../project/has-alarm.ts";
import type { Project } from "../../../project/project.ts";
import { type Finding, fault, note } from "../finding.ts";

const WITHOUT = {
  hub: "events emitted in SQL are not routed, and operators' bulk work is not continued",
  executor: "what the queue or a Workflow loses is never delivered",
};

/** Whether the hub and the executor have a cron: as the backstop of the alarm, or every minute if there is no alarm. */
export function checkCrons(project: Project): Finding[] {
  const alarm = hasAlarm(project);
  const todo = `set "triggers": { "crons": ${JSON.stringify(alarm ? DEFAULT_SCHEDULES : SCHEDULES_WITHOUT_ALARM)} }`;
  return (["hub", "executor"] as const).flatMap((role) => {
    const file = project[role];
    if (file === undefined) return [];
    const crons = cronsOf(file);
    const place = file.place(["triggers", "crons"]);
    if (crons.length === 0) {
      const what = alarm ? "if its alarm loses something, nothing finds it until the next event" : WITHOUT[role];
      return [fault(place, `the ${role} has no cron: ${what}`, todo)];
    }
    if (!alarm || !crons.some((cron) => SCHEDULES_WITHOUT_ALARM.includes(cron))) return [];
    return [
      note(place, `the ${role}'s cron keeps the database awake; with its alarm alone, the database could sleep`, todo),
    ];
  });
}
