import type { Deployment, DeploymentFault, PartRun } from "../../../schema/contract/deployment.ts";
import { printable } from "../../../schema/text/printable.ts";
import { type ToldFault, toldFault } from "../../../schema/text/told-fault.ts";
import { at, short, table } from "./print.ts";

/** The faults of a deployment, worst first, and when hub and executor last ran. */
export function showDeployment({ delivers, faults, runs }: Deployment): string {
  return [...faults.map(toldFault).map(faultText), verdictOf(delivers, faults), table(HEAD, runs.map(rowOf))].join(
    "\n",
  );
}

/** If something is overdue, it is not known yet whether anything is delivered. */
function verdictOf(delivers: boolean, faults: readonly DeploymentFault[]): string {
  if (!delivers) return "This deployment of the hub cannot deliver.";
  if (faults.length === 0) return "Nothing is wrong, as far as the database can tell.";
  const overdue = faults.some(({ check }) => check === "overdue");
  return overdue ? "Not everything is delivered that is due." : "The hub delivers, but something needs attention.";
}

const HEAD = ["Worker", "last run", "took", "next", "it did", "version", "configuration"];

function faultText({ check, stops, what, detail, since, todo }: ToldFault): string {
  const exactly = detail === null ? "" : ` (${detail})`;
  const from = since === null ? "" : `, since ${at(since)} at least`;
  return printable(`${stops ? "fault" : "note"} ${check}: ${what}${exactly}${from}; ${todo}`);
}

function rowOf({ part, at: began, tookMs, nextAt, sleeps, found, version, configuration }: PartRun): unknown[] {
  const did = Object.entries(found ?? {}).map(([name, count]) => `${name} ${String(count)}`);
  const took = tookMs === null ? null : `${tookMs} ms`;
  const nothing = found === null ? null : "nothing";
  return [
    part,
    began,
    took,
    nextAt ?? (sleeps ? "when needed" : null),
    did.length === 0 ? nothing : short(did.join(", ")),
    version,
    configuration,
  ];
}
