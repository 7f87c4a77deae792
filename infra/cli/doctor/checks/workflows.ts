import { DEFAULT_WORKFLOW } from "../../../../schema/config/destinations/index.ts";
import { SETTINGS } from "../../../../schema/vocabulary/settings.ts";
import type { Project } from "../../../project/project.ts";
import { type Finding, fault } from "../finding.ts";

/** Whether the executor has the Workflow that delivers. Whether its class is exported, is checked in exports.ts. */
export function checkWorkflows({ executor }: Project): Finding[] {
  if (executor === undefined) return [];
  const { config, name, place } = executor;
  const workflows = config.workflows ?? [];
  const index = workflows.findIndex(({ binding }) => binding === DEFAULT_WORKFLOW);
  const found = workflows[index];
  if (found === undefined) {
    return [
      fault(
        place(["workflows"]),
        `${DEFAULT_WORKFLOW} is not bound: ${SETTINGS.executor.DISPATCH.what}`,
        `add { "name": "${name.replace(/-executor$/, "")}-dispatch", "binding": "${DEFAULT_WORKFLOW}", "class_name": "Dispatch" } to workflows`,
      ),
    ];
  }
  if (found.script_name !== undefined && found.script_name !== name) {
    const what = `${DEFAULT_WORKFLOW} runs in ${JSON.stringify(found.script_name)} instead of the executor`;
    return [fault(place(["workflows", index, "script_name"]), what, "leave out script_name")];
  }
  return [];
}
