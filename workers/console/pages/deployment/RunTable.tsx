import type { PartRun } from "../../../../schema/contract/deployment.ts";
import { WorkerLink } from "../../components/DashboardLinks.tsx";
import { Time } from "../../components/Time.tsx";
import type { ConsoleContext } from "../../env.ts";
import { duration } from "../../format/time.ts";
import { foundText } from "./run-text.ts";

/** When hub and executor last ran, what they did, and with which code. */
export const RunTable = ({ c, runs, now }: { c: ConsoleContext; runs: readonly PartRun[]; now: Date }) => (
  <table class="rows">
    <caption class="hidden">The last runs of hub and executor</caption>
    <thead>
      <tr>
        <th>Worker</th>
        <th>Last run</th>
        <th>Took</th>
        <th>Next</th>
        <th>It did</th>
        <th>Version</th>
        <th>Configuration</th>
      </tr>
    </thead>
    <tbody>
      {runs.map((run) => (
        <tr id={`r-${run.part}`}>
          <td>
            <WorkerLink c={c} part={run.part} />
          </td>
          <td class="when">{run.at === null ? NEVER : <Time at={run.at} now={now} />}</td>
          <td>{run.tookMs === null ? UNKNOWN : duration(run.tookMs)}</td>
          <td class="when">
            {run.nextAt === null ? run.sleeps ? WHEN_NEEDED : UNKNOWN : <Time at={run.nextAt} now={now} />}
          </td>
          <td>{run.found === null ? UNKNOWN : foundText(run.found)}</td>
          <td>{run.version ?? UNKNOWN}</td>
          <td>{run.configuration === null ? UNKNOWN : <code>{run.configuration}</code>}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const UNKNOWN = <span class="dim">unknown</span>;
const WHEN_NEEDED = <span class="dim">when there is something to do</span>;
const NEVER = <span class="dim">never</span>;
