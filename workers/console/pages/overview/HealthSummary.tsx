import type { AlertContext } from "../../components/AlertList.tsx";
import type { Alert } from "../../components/alert.ts";
import { Time } from "../../components/Time.tsx";
import { dispatches, heldDispatches, many } from "../../format/text.ts";
import { PERIOD_WORDS } from "../../forms/filters.ts";
import type { Health } from "./health.ts";

/** The first sentence of the console: is it healthy, and if not, because of whom and since when. */
export const HealthSummary = ({ health, ...context }: AlertContext & { health: Health }) => (
  <div class={`health health-${health.tone}`} id="health-summary">
    <p class="health-line">
      {health.tone === "unknown" ? (
        "Nobody knows: the hub or its database does not answer."
      ) : health.alert === undefined ? (
        <>
          <b>Healthy.</b> Nothing that ended in the last {PERIOD_WORDS[context.period]} waits for you, and nothing is
          overdue.
        </>
      ) : (
        <WorstAlert alert={health.alert} {...context} />
      )}
    </p>
    {health.tone !== "unknown" && health.others > 0 ? (
      <p class="dim">
        And {many(health.others, "more thing")} that {health.others === 1 ? "needs" : "need"} attention, below.
      </p>
    ) : undefined}
  </div>
);

const WorstAlert = ({ alert, now, period }: AlertContext & { alert: Alert }) => {
  switch (alert.kind) {
    case "failures": {
      const { destination, status, dispatches: n, first } = alert.group;
      return (
        <>
          <b>{destination}</b>: {dispatches(n)} {status} in the last {PERIOD_WORDS[period]} and not retried yet; the
          oldest waits since <Time at={first} now={now} clock />.
        </>
      );
    }
    case "setup": {
      const { what, since } = alert.fault;
      return (
        <>
          <b>Something was forgotten in the deployment</b>: {what}, since <Time at={since} now={now} clock /> at least.
        </>
      );
    }
    case "overdue": {
      const { destination, dispatches: n, oldest } = alert.group;
      return (
        <>
          <b>{destination}</b>: {dispatches(n)} overdue with nobody at work; the oldest is due since{" "}
          <Time at={oldest} now={now} clock />.
        </>
      );
    }
    case "paused": {
      const { name, pausedAt, pausedBy, ongoing } = alert.destination;
      return (
        <>
          <b>{name}</b> is paused by {pausedBy === "breaker" ? "its circuit breaker" : "an operator"}
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
