import { type Project, partsOf } from "../../../project/project.ts";
import { type Finding, note } from "../finding.ts";

/** Whether the logs of the hub's parts are stored. */
export function checkObservability(project: Project): Finding[] {
  return partsOf(project).flatMap((file) => {
    if (file.config.observability?.enabled === true) return [];
    const todo = 'set "observability": { "enabled": true }';
    return [note(file.place(["observability"]), "observability is off: its logs are not kept", todo)];
  });
}
