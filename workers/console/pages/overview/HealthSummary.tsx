import type { Alert } from "../../components/alert-search.ts";
import { IncidentState } from "../../components/IncidentRow.tsx";
import { howMany, RetryingTimes } from "../../components/RetryingRow.tsx";
import { SinceAtLeast, Time } from "../../components/Time.tsx";
import { dispatches, heldDispatches, many, pauserWords } from "../../format/amounts.ts";
import { PERIOD_WORDS } from "../../forms/periods.ts";
import type { Health } from "./attention.ts";

interface HealthSummaryProps {
  health: Health;
  /** The period that the health covers. */
  period: string;
  now: Date;
}

/** The first sentence of the console: whether the hub is healthy, and if not, because of what and since when. */
export const HealthSummary = ({ health, period, now }: HealthSummaryProps) => (
  <div class={`health health-${health.tone}`} id="health-summary">
    <p class="health-line">
      {health.tone === "unknown" ? (
        "Unknown: the hub or its database does not answer."
      ) : health.alert === undefined ? (
        <>
          <b>Healthy.</b> Nothing that ended in the last {PERIOD_WORDS[period]} waits for you, and nothing is overdue.
        </>
      ) : (
        <WorstAlert alert={health.alert} now={now} />
      )}
    </p>
    {health.tone !== "unknown" && health.others > 0 ? (
      <p class="dim">
        And {many(health.others, "more thing")} that {health.others === 1 ? "needs" : "need"} attention, below.
      </p>
    ) : undefined}
  </div>
);

const WorstAlert = ({ alert, now }: { alert: Alert; now: Date }) => {
  switch (alert.kind) {
    case "failures": {
      const { destination, status, dispatches: n, first } = alert.group;
      return (
        <>
          <b>{destination}</b>: {dispatches(n)} {status} since <Time at={first} now={now} clock /> and not retried yet;{" "}
          <IncidentState group={alert.group} now={now} />.
        </>
      );
    }
    case "retrying":
      return (
        <>
          <b>{alert.group.destination}</b>: {howMany(alert.group)} {alert.group.dispatches === 1 ? "is" : "are"}{" "}
          retrying <RetryingTimes group={alert.group} now={now} />.
        </>
      );
    case "setup": {
      const { what, since } = alert.fault;
      return (
        <>
          <b>Something is missing in the deployment</b>: {what}, <SinceAtLeast at={since} now={now} clock />.
        </>
      );
    }
    case "overdue": {
      const { destination, dispatches: n, oldest } = alert.group;
      return (
        <>
          <b>{destination}</b>: {dispatches(n)} overdue although nobody works on them; the oldest has been due since{" "}
          <Time at={oldest} now={now} clock />.
        </>
      );
    }
    case "paused": {
      const { name, pausedAt, ongoing } = alert.destination;
      return (
        <>
          <b>{name}</b> is paused by {pauserWords(alert.destination)}
          {pausedAt === null ? (
            ""
          ) : (
            <>
              {" "}
              since <Time at={pausedAt} now={now} clock />
            </>
          )}
          , and holds {heldDispatches(ongoing)}.
        </>
      );
    }
    default:
      return <>Work is going on.</>;
  }
};
