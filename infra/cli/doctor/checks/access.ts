import type { Project } from "../../../project/project.ts";
import { type Finding, note } from "../finding.ts";

/** Whether the deployed console knows the Access application in front of it. */
export function checkAccess({ console }: Project): Finding[] {
  if (console === undefined) return [];
  const { vars = {} } = console.config;
  const missing = ["ACCESS_TEAM", "ACCESS_AUDIENCE"].filter((name) => !(name in vars));
  if (missing.length === 0) return [];
  const what = `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set: deployed, the console refuses everybody`;
  return [
    note(console.place(["vars"]), what, "put it behind Cloudflare Access, and set vars to its team and its AUD tag"),
  ];
}
