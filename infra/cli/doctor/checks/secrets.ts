import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Project } from "../../../project/project.ts";
import { type Finding, note } from "../finding.ts";
import { routeFileOf } from "../route-file.ts";

/** Whether the secrets that webhooks sign with are there for a run on this machine. */
export function checkSecrets(project: Project): Finding[] {
  const { executor } = project;
  const routes = routeFileOf(project);
  if (executor === undefined || routes === undefined) return [];
  const known = new Set([...localNames(dirname(executor.path)), ...Object.keys(executor.config.vars ?? {})]);
  return Object.entries(routes.config.destinations).flatMap(([name, destination]) =>
    destination.kind !== "webhook"
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

/** The names in the files that wrangler reads secrets from on this machine. */
function localNames(directory: string): string[] {
  return [".dev.vars", ".env"].flatMap((file) => {
    try {
      return [...readFileSync(join(directory, file), "utf8").matchAll(/^\s*(?:export\s+)?([\w.-]+)\s*=/gm)].map(
        ([, name = ""]) => name,
      );
    } catch {
      return [];
    }
  });
}
