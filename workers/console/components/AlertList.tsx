import { count, dispatches, heldDispatches, pauserWords } from "../format/amounts.ts";
import { actionWords } from "../format/operation-text.ts";
import { destinationPath } from "../format/paths.ts";
import { searchQuery } from "../forms/filters.ts";
import { AlertRow } from "./AlertRow.tsx";
import type { Alert } from "./alert-search.ts";
import { IncidentRow } from "./IncidentRow.tsx";
import { RetryingRow } from "./RetryingRow.tsx";
import { SinceAtLeast, Time } from "./Time.tsx";

interface AlertListProps {
  alerts: readonly Alert[];
  now: Date;
}

/** Everything that needs an operator, each with a link to see it and the way to fix it. */
export const AlertList = ({ alerts, now }: AlertListProps) => (
  <>
    <AlertItems alerts={alerts.slice(0, MAX_OPEN)} now={now} />
    {alerts.length > MAX_OPEN ? (
      <details class="fold">
        <summary>{foldText(alerts.slice(MAX_OPEN))}</summary>
        <AlertItems alerts={alerts.slice(MAX_OPEN)} now={now} />
      </details>
    ) : undefined}
  </>
);

/** The most alerts shown at once, the most harmful first. The others are folded, so that the charts are not far down. */
const MAX_OPEN = 8;

/** For example `12 more: 31 dispatches that failed, 9 at most in one incident`, so that readers see how small the folded alerts are. */
function foldText(alerts: readonly Alert[]): string {
  const counts = alerts.flatMap((alert) => (alert.kind === "failures" ? [alert.group.dispatches] : []));
  const failed = counts.reduce((sum, n) => sum + n, 0);
  return `${count(alerts.length)} more${failed === 0 ? "" : `: ${dispatches(failed)} that failed, ${count(Math.max(...counts))} at most in one incident`}`;
}

const AlertItems = ({ alerts, now }: AlertListProps) => (
  <ul class="alerts">
    {alerts.map((alert) => (
      <AlertItem alert={alert} now={now} />
    ))}
  </ul>
);

const AlertItem = ({ alert, now }: { alert: Alert; now: Date }) => {
  switch (alert.kind) {
    case "failures":
      return <IncidentRow group={alert.group} tone={alert.tone} now={now} />;
    case "retrying":
      return <RetryingRow group={alert.group} tone={alert.tone} now={now} />;
    case "setup": {
      const { fault, since, what, todo } = alert.fault;
      return (
        <AlertRow
          id={`c-setup-${fault}`}
          tone="bad"
          mark="misconfigured"
          status="deployment"
          title={<b>{what}</b>}
          when={<SinceAtLeast at={since} now={now} />}
          text={todo}
        />
      );
    }
    case "overdue": {
      const { group } = alert;
      return (
        <AlertRow
          id={`c-overdue-${group.destination}`}
          tone="bad"
          mark="overdue"
          title={
            <>
              {dispatches(group.dispatches)} to <b>{group.destination}</b>
            </>
          }
          when={
            <>
              the oldest due <Time at={group.oldest} now={now} />
            </>
          }
          text={
            <>
              Nobody works on them. The executor looks for them by itself; if this does not change, see{" "}
              <a href="/deployment">its last run</a>.
            </>
          }
        >
          <a class="button" href={`/dispatches/${group.example}`}>
            Open the oldest
          </a>
          <a
            class="button"
            href={`/dispatches${searchQuery({ destination: group.destination, overdue: "yes", order: "oldest" })}`}
          >
            List them
          </a>
        </AlertRow>
      );
    }
    case "paused":
    case "draining": {
      const { destination } = alert;
      const paused = alert.kind === "paused";
      const href = destinationPath(destination.name);
      return (
        <AlertRow
          id={`c-${alert.kind}-${destination.name}`}
          tone={alert.tone}
          mark={paused ? "paused" : "ongoing"}
          status={alert.kind}
          title={
            <>
              <b>{destination.name}</b>{" "}
              {paused ? `holds ${heldDispatches(destination.ongoing)}` : `lets ${dispatches(destination.ongoing)} go`}
            </>
          }
          when={
            destination.pausedAt === null ? undefined : (
              <>
                by {pauserWords(destination)}, <Time at={destination.pausedAt} now={now} />
              </>
            )
          }
          text={
            paused ? (destination.pauseReason ?? "no reason given") : "Resumed: held dispatches go out, oldest first."
          }
        >
          <a class="button" href={href}>
            {paused ? "Open, to resume…" : "Open it"}
          </a>
        </AlertRow>
      );
    }
    case "running": {
      const { operation } = alert;
      return (
        <AlertRow
          id={`c-${operation.id}`}
          tone="info"
          mark="ongoing"
          status="running"
          title={`${dispatches(operation.affected)} so far`}
          when={
            <>
              by {operation.actor}, <Time at={operation.createdAt} now={now} />
            </>
          }
          text={actionWords(operation)}
        >
          <a class="button" href={`/operations/${operation.id}`}>
            Follow it
          </a>
        </AlertRow>
      );
    }
  }
};
