import { DEFAULT_SCHEDULES } from "../../../../schema/vocabulary/defaults.ts";
import type { Project } from "../../../project/project.ts";
import { type Finding, fault } from "../finding.ts";

const WITHOUT = {
  hub: "what is emitted in SQL is not routed, and operators' bulk work is not gone on with",
  executor: "what the queue or a Workflow loses is never delivered",
};

/** Whether the hub and the executor are called by the clock. */
export function checkCrons(project: Project): Finding[] {
  return (["hub", "executor"] as const).flatMap((role) => {
    const file = project[role];
    const crons = file?.config.triggers?.crons;
    if (file === undefined || (Array.isArray(crons) && crons.length > 0)) return [];
    const todo = `set "triggers": { "crons": ${JSON.stringify(DEFAULT_SCHEDULES)} }`;
    return [fault(file.place(["triggers", "crons"]), `the ${role} has no cron: ${WITHOUT[role]}`, todo)];
  });
}
