import type { Project } from "../../../project/project.ts";
import { type Finding, note } from "../finding.ts";

/** Whether what the hub's parts log is kept. */
export function checkObservability({ hub, executor, console }: Project): Finding[] {
  return [hub, executor, console].flatMap((file) => {
    if (file === undefined || file.config.observability?.enabled === true) return [];
    const todo = 'set "observability": { "enabled": true }';
    return [note(file.place(["observability"]), "observability is off: what it logs is not kept", todo)];
  });
}
