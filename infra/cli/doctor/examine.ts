import type { Project } from "../../project/project.ts";
import { checkAccess } from "./checks/access.ts";
import { checkAlarm } from "./checks/alarm.ts";
import { checkCollector } from "./checks/collector.ts";
import { checkCompatibility } from "./checks/compatibility.ts";
import { checkCrons } from "./checks/crons.ts";
import { checkDestinations } from "./checks/destinations.ts";
import { checkExports } from "./checks/exports.ts";
import { checkObservability } from "./checks/observability.ts";
import { checkOperator } from "./checks/operator.ts";
import { checkParts } from "./checks/parts.ts";
import { checkQueues } from "./checks/queues.ts";
import { checkRoutes } from "./checks/routes.ts";
import { checkScripts } from "./checks/scripts.ts";
import { checkSecrets } from "./checks/secrets.ts";
import { checkWorkflows } from "./checks/workflows.ts";
import type { Finding } from "./finding.ts";

/** One kind of check of a project's configurations. */
type Check = (project: Project) => Finding[];

const CHECKS: readonly Check[] = [
  ...[checkParts, checkOperator, checkQueues, checkWorkflows, checkExports, checkAlarm, checkCrons, checkScripts],
  ...[
    checkRoutes,
    checkDestinations,
    checkSecrets,
    checkCompatibility,
    checkAccess,
    checkCollector,
    checkObservability,
  ],
];

/** What a project's configurations lack or contradict, faults first. It reads files, and changes nothing. */
export function examine(project: Project): Finding[] {
  const findings = CHECKS.flatMap((check) => check(project));
  return [
    ...findings.filter(({ severity }) => severity === "fault"),
    ...findings.filter(({ severity }) => severity === "note"),
  ];
}
