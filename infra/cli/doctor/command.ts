import { resolve } from "node:path";
import colors from "picocolors";
import { printableJson } from "../../../schema/text/printable.ts";
import { type Project, readProject, workersOf } from "../../project/project.ts";
import { count } from "../count-noun.ts";
import { EXIT } from "../exit.ts";
import { examine } from "./examine.ts";
import { type Finding, findingText, placeFrom } from "./finding.ts";
import { checkDatabase, checkPackage } from "./versions.ts";

/** The options of the command. */
export interface DoctorOptions {
  config?: string[];
  root?: string;
  json?: boolean;
}

/** `eventhub doctor`: reports what a project's configurations lack or contradict. The exit code is 1 if there is a fault; notes do not count. */
export async function doctorCommand(options: DoctorOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const { config: configs, root = ".", json = false } = options;
  const project = readProject({ root: resolve(root), ...(configs === undefined ? {} : { configs }) });
  const { DATABASE_URL: url } = env;
  const database = url === undefined || url === "" ? [] : await checkDatabase(url);
  const findings = [...database, ...examine(project), ...checkPackage(project.root)];
  console.log(json ? asJson(findings) : asText(project, findings));
  if (findings.some(({ severity }) => severity === "fault")) process.exitCode = EXIT.failed;
}

function asJson(findings: readonly Finding[]): string {
  return printableJson(
    findings.map((finding) => ({ ...finding, place: placeFrom(process.cwd(), finding.place) })),
    2,
  );
}

function asText(project: Project, findings: readonly Finding[]): string {
  const faults = findings.filter(({ severity }) => severity === "fault");
  const notes = findings.filter(({ severity }) => severity === "note");
  const workers = count(workersOf(project).length, "Worker");
  const verdict =
    faults.length === 0
      ? colors.green(`No faults in ${workers}`)
      : colors.red(`${count(faults.length, "fault")} in ${workers}`);
  return [
    ...faults.map((finding) => colors.red(findingText(finding))),
    ...notes.map((finding) => colors.yellow(findingText(finding))),
    `${verdict}${notes.length === 0 ? "" : `, ${count(notes.length, "note")}`}.`,
  ].join("\n");
}
