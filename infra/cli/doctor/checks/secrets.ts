import { readFileSync } from "node:fs";
import type { Project } from "../../../project/project.ts";
import { routeFileOf } from "../../../project/route-file.ts";
import { secretFilesInUse } from "../../../project/secret-files.ts";
import type { WranglerFile } from "../../../project/wrangler-file.ts";
import { type Finding, note } from "../finding.ts";

/** Whether a run on this machine has the secrets with which webhooks sign. */
export function checkSecrets(project: Project): Finding[] {
  const { executor } = project;
  const routes = routeFileOf(project);
  if (executor === undefined || routes === undefined) return [];
  const known = new Set([...localNames(executor), ...Object.keys(executor.config.vars ?? {})]);
  return Object.entries(routes.config.destinations).flatMap(([name, destination]) =>
    !("secrets" in destination)
      ? []
      : destination.secrets.flatMap((secret, index) =>
          known.has(secret)
            ? []
            : [
                note(
                  routes.file.place(["destinations", name, "secrets", index]),
                  `the secret ${secret} is not in the executor's .dev.vars`,
                  `add ${secret}=whsec_... there for this machine; deployed, wrangler secret put ${secret}`,
                ),
              ],
        ),
  );
}

/** The names in the files from which wrangler reads secrets on this machine. */
function localNames(file: WranglerFile): string[] {
  return secretFilesInUse(file).flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/^\s*(?:export\s+)?([\w.-]+)\s*=/gm)].map(([, name = ""]) => name),
  );
}
