import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { FileFaults, JsonFile } from "../../../project/json-file.ts";
import { boundBy, type Project, workersOf } from "../../../project/project.ts";
import { type Finding, fault, note } from "../finding.ts";

/** A configuration that a script deploys. */
const DEPLOYED = /\bwrangler\s+deploy\b[^&|;]*?\s(?:-c|--config)[\s=]+("[^"]+"|'[^']+'|[^\s&|;]+)/g;

/** Whether the scripts of package.json deploy the existing configurations, and each Worker before those that bind it. */
export function checkScripts(project: Project): Finding[] {
  const path = join(project.root, "package.json");
  if (!existsSync(path)) return [];
  const file = read(path);
  const scripts = (file?.value() as { scripts?: Record<string, unknown> } | undefined)?.scripts;
  if (file === undefined || typeof scripts !== "object" || scripts === null) return [];
  return Object.entries(scripts).flatMap(([name, script]) =>
    typeof script === "string" ? checkScript(project, file.place(["scripts", name]), name, script) : [],
  );
}

/** npm itself reports a package.json that is not JSON. */
function read(path: string): JsonFile | undefined {
  try {
    return new JsonFile(path);
  } catch (error) {
    if (error instanceof FileFaults) return undefined;
    throw error;
  }
}

function checkScript(project: Project, place: string, name: string, script: string): Finding[] {
  const paths = [...script.matchAll(DEPLOYED)].map(([, path = ""]) => path.replaceAll(/["']/g, ""));
  const gone = paths.filter((path) => !existsSync(resolve(project.root, path)));
  const deployed = paths.flatMap(
    (path) => workersOf(project).find((worker) => worker.path === resolve(project.root, path)) ?? [],
  );
  return [
    ...gone.map((path) => fault(place, `the script ${name} deploys ${path}, which is not there`, "correct the path")),
    ...deployed.flatMap((worker, index) => {
      const binds = new Set(boundBy(worker).map((bound) => bound.name));
      return deployed
        .slice(index + 1)
        .filter((later) => binds.has(later.name) && !boundBy(later).some((bound) => bound.name === worker.name))
        .map((later) =>
          note(
            place,
            `the script ${name} deploys ${worker.name} before ${later.name}, which it binds`,
            "deploy what is bound first: else the first deployment is refused",
          ),
        );
    }),
  ];
}
