import { at, type Faults, type Place, show } from "../../schema/config/faults.ts";

/** Checks the cron triggers of a Worker. The platform checks the contents of their fields. */
export function checkSchedules(schedules: unknown, place: Place, faults: Faults): void {
  if (schedules === undefined) return;
  if (!Array.isArray(schedules) || schedules.length === 0) {
    faults.add(place, `must be an array of at least one cron expression, got ${show(schedules)}`);
    return;
  }
  for (const [index, schedule] of schedules.entries()) {
    if (typeof schedule !== "string" || schedule.trim().split(/\s+/).length !== 5) {
      faults.add(at(place, index), `must be a cron expression of five fields, got ${show(schedule)}`);
    }
  }
}
