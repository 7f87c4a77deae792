import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { COMPATIBILITY_DATE } from "../../../../schema/vocabulary/deployment.ts";
import { MIN_COMPATIBILITY_DATE } from "../../../../schema/vocabulary/platform-limits.ts";
import { type Project, workersOf } from "../../../project/project.ts";
import { type Finding, fault, note } from "../finding.ts";

/** How many days beyond its own date a workerd accepts. */
const DAYS_AHEAD = 7;

/** Whether the compatibility date of every Worker allows Workers to call each other, also on this machine. */
export function checkCompatibility(project: Project): Finding[] {
  const newest = newestDate(project.root);
  return workersOf(project).flatMap(({ config: { compatibility_date: date, compatibility_flags: flags }, place }) => {
    const here = place(["compatibility_date"]);
    if (date === undefined) {
      return [
        fault(
          here,
          "compatibility_date is missing",
          `set "compatibility_date": ${JSON.stringify(newest ?? COMPATIBILITY_DATE)}`,
        ),
      ];
    }
    if (date < MIN_COMPATIBILITY_DATE && !(Array.isArray(flags) && flags.includes("rpc"))) {
      const what = `compatibility_date ${date} is too old: before ${MIN_COMPATIBILITY_DATE}, a Worker cannot call another Worker's methods`;
      return [fault(here, what, `set it to ${newest ?? MIN_COMPATIBILITY_DATE}`)];
    }
    if (newest !== undefined && date > newest) {
      const what = `compatibility_date ${date} is newer than the installed workerd, which uses ${newest} instead`;
      return [note(here, what, "update wrangler, or set the older one")];
    }
    return [];
  });
}

/** The newest date that the workerd of the project's wrangler accepts; `undefined` if there is no workerd. */
function newestDate(root: string): string | undefined {
  try {
    const wrangler = createRequire(join(root, "package.json")).resolve("wrangler/package.json");
    const manifest = createRequire(wrangler).resolve("workerd/package.json");
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    const [, year, month, day] = /^\d+\.(\d{4})(\d{2})(\d{2})\./.exec(version) ?? [];
    if (year === undefined) return undefined;
    const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
    date.setUTCDate(date.getUTCDate() + DAYS_AHEAD);
    return date.toISOString().slice(0, 10);
  } catch {
    return undefined;
  }
}
