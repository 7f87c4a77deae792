import type { Child } from "hono/jsx";
import { count, dispatches, heldDispatches, oneLine } from "../format/text.ts";
import { searchQuery } from "../forms/filters.ts";
import { type Alert, failureSearch } from "./alert.ts";
import { Status } from "./Status.tsx";
import { Time } from "./Time.tsx";

/** When alerts are looked at, and which period they are of. */
export interface AlertContext {
  now: Date;
  period: string;
}

/** Everything that needs an operator, each with the way to see it and the way to mend it. */
export const AlertList = ({ alerts, ...context }: AlertContext & { alerts: readonly Alert[] }) => (
  <>
    <AlertItems alerts={alerts.slice(0, MAX_OPEN)} {...context} />
    {alerts.length > MAX_OPEN ? (
      <details class="fold">
        <summary>{count(alerts.length - MAX_OPEN)} more</summary>
        <AlertItems alerts={alerts.slice(MAX_OPEN)} {...context} />
      </details>
    ) : undefined}
  </>
);

/** Alerts that are seen at once; the rest is in a fold, so that the charts are on the first screen too. */
const MAX_OPEN = 5;

const AlertItems = ({ alerts, ...context }: AlertContext & { alerts: readonly Alert[] }) => (
  <ul class="alerts">
    {alerts.map((alert) => (
      <AlertItem alert={alert} {...context} />
    ))}
  </ul>
);

const AlertItem = ({ alert, now, period }: AlertContext & { alert: Alert }) => {
  switch (alert.kind) {
    case "failures": {
      const { group } = alert;
      const query = searchQuery(failureSearch(group, period));
      return (
        <Item
          id={`c-${group.example}`}
          tone={alert.tone}
          mark={group.status}
          title={
            <>
              {dispatches(group.dispatches)} to <b>{group.destination}</b>
            </>
          }
          when={
            <>
              first <Time at={group.first} now={now} />, last <Time at={group.last} now={now} />
            </>
          }
          text={
            <>
              {oneLine(group.reason ?? "no reason given", 200)}
              {group.reasons > 1 ? <span class="dim"> and {count(group.reasons - 1)} like it</span> : undefined}
            </>
          }
        >
          <a class="button" href={group.dispatches === 1 ? `/dispatches/${group.example}` : `/dispatches${query}`}>
            See
          </a>
          <a class="button" href={`/dispatches/retry${query}`}>
            Retry…
          </a>
        </Item>
      );
    }
    case "setup": {
      const { fault, since, what, todo } = alert.fault;
      return (
        <Item
          id={`c-setup-${fault}`}
          tone="bad"
          mark="misconfigured"
          status="deployment"
          title={<b>{what}</b>}
          when={
            <>
              since <Time at={since} now={now} /> at least
            </>
          }
          text={todo}
        />
      );
    }
    case "overdue": {
      const { group } = alert;
      return (
        <Item
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
          text="Nobody is at work on them. The executor's cron looks every minute; if this stays, look at the executor."
        >
          <a class="button" href={`/dispatches/${group.example}`}>
            The oldest
          </a>
          <a
            class="button"
            href={`/dispatches${searchQuery({ destination: group.destination, overdue: "yes", order: "oldest" })}`}
          >
            See
          </a>
        </Item>
      );
    }
    case "paused":
    case "draining": {
      const { destination } = alert;
      const paused = alert.kind === "paused";
      const href = `/destinations/${encodeURIComponent(destination.name)}`;
      return (
        <Item
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
                by {destination.pausedBy === "breaker" ? "its breaker" : "an operator"},{" "}
                <Time at={destination.pausedAt} now={now} />
              </>
            )
          }
          text={
            paused ? (destination.pauseReason ?? "no reason given") : "Resumed: what was held goes out, oldest first."
          }
        >
          <a class="button" href={href}>
            {paused ? "See, resume…" : "See"}
          </a>
        </Item>
      );
    }
    case "running": {
      const { operation } = alert;
      return (
        <Item
          id={`c-${operation.id}`}
          tone="info"
          mark="ongoing"
          status="running"
          title={`${count(operation.affected)} dispatches so far`}
          when={
            <>
              by {operation.actor}, <Time at={operation.createdAt} now={now} />
            </>
          }
          text={operation.action.replace("_", " ")}
        >
          <a class="button" href={`/operations/${operation.id}`}>
            See
          </a>
        </Item>
      );
    }
  }
};

interface ItemProps {
  id: string;
  tone: string;
  mark: string;
  status?: string;
  title: Child;
  when?: Child;
  text: Child;
  children?: Child;
}

const Item = ({ id, tone, mark, status = mark, title, when, text, children }: ItemProps) => (
  <li id={id} class={`alert t-${tone}`}>
    <Status name={mark} text={status} />
    <span class="alert-title">{title}</span>
    <span class="alert-when dim">{when}</span>
    <span class="alert-text">{text}</span>
    <span class="alert-do">{children}</span>
  </li>
);
