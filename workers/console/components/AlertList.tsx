import type { Child } from "hono/jsx";
import { count, dispatches, heldDispatches, many, oneLine } from "../format/text.ts";
import { PERIOD_WORDS, searchQuery } from "../forms/filters.ts";
import { type Concern, failureSearch, type Verdict } from "../pages/overview/health.ts";
import { Status } from "./Status.tsx";
import { Time } from "./Time.tsx";

interface Around {
  now: Date;
  period: string;
}

/** The first sentence of the console: is it healthy, and if not, because of whom and since when. */
export const VerdictLine = ({ verdict, ...around }: Around & { verdict: Verdict }) => (
  <div class={`verdict v-${verdict.tone}`} id="verdict">
    <p class="verdict-line">
      {verdict.tone === "unknown" ? (
        "Nobody knows: the hub or its database does not answer."
      ) : verdict.concern === undefined ? (
        <>
          <b>Healthy.</b> Nothing that ended in the last {PERIOD_WORDS[around.period]} waits for you, and nothing is
          overdue.
        </>
      ) : (
        <Sentence concern={verdict.concern} {...around} />
      )}
    </p>
    {verdict.tone !== "unknown" && verdict.others > 0 ? (
      <p class="dim">
        And {many(verdict.others, "more thing")} that {verdict.others === 1 ? "needs" : "need"} attention, below.
      </p>
    ) : undefined}
  </div>
);

const Sentence = ({ concern, now, period }: Around & { concern: Concern }) => {
  switch (concern.kind) {
    case "failures": {
      const { destination, status, dispatches: n, first } = concern.group;
      const what = status === "failed" ? "failed" : status === "lost" ? "lost" : "misconfigured";
      return (
        <>
          <b>{destination}</b>: {dispatches(n)} {what} in the last {PERIOD_WORDS[period]} and not retried yet; the
          oldest waits since <Time at={first} now={now} clock />.
        </>
      );
    }
    case "overdue": {
      const { destination, dispatches: n, oldest } = concern.group;
      return (
        <>
          <b>{destination}</b>: {dispatches(n)} overdue with nobody at work; the oldest is due since{" "}
          <Time at={oldest} now={now} clock />.
        </>
      );
    }
    case "paused": {
      const { name, pausedAt, pausedBy, ongoing } = concern.destination;
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

/** Everything that needs an operator, each with the way to see it and the way to mend it. */
export const Concerns = ({ concerns, ...around }: Around & { concerns: readonly Concern[] }) => (
  <>
    <ConcernList concerns={concerns.slice(0, MAX_OPEN)} {...around} />
    {concerns.length > MAX_OPEN ? (
      <details class="fold">
        <summary>{count(concerns.length - MAX_OPEN)} more</summary>
        <ConcernList concerns={concerns.slice(MAX_OPEN)} {...around} />
      </details>
    ) : undefined}
  </>
);

/** Concerns that are seen at once; the rest is in a fold, so that the charts are on the first screen too. */
const MAX_OPEN = 5;

const ConcernList = ({ concerns, ...around }: Around & { concerns: readonly Concern[] }) => (
  <ul class="concerns">
    {concerns.map((concern) => (
      <ConcernItem concern={concern} {...around} />
    ))}
  </ul>
);

const ConcernItem = ({ concern, now, period }: Around & { concern: Concern }) => {
  switch (concern.kind) {
    case "failures": {
      const { group } = concern;
      const query = searchQuery(failureSearch(group, period));
      return (
        <Item
          id={`c-${group.example}`}
          tone={concern.tone}
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
    case "overdue": {
      const { group } = concern;
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
      const { destination } = concern;
      const paused = concern.kind === "paused";
      const href = `/destinations/${encodeURIComponent(destination.name)}`;
      return (
        <Item
          id={`c-${concern.kind}-${destination.name}`}
          tone={concern.tone}
          mark={paused ? "paused" : "ongoing"}
          status={concern.kind}
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
      const { operation } = concern;
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
  <li id={id} class={`concern t-${tone}`}>
    <Status name={mark} text={status} />
    <span class="concern-title">{title}</span>
    <span class="concern-when dim">{when}</span>
    <span class="concern-text">{text}</span>
    <span class="concern-do">{children}</span>
  </li>
);
