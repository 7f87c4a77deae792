import type { Child } from "hono/jsx";
import type { DispatchWaiting } from "../../../../schema/contract/flow.ts";
import type { DispatchDetail, PausedDestination } from "../../../../schema/contract/operator.ts";
import { Copy, DispatchId, EventId, Id } from "../../components/Id.tsx";
import { Status } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import { DISPATCH_WAIT_WORDS, keyName } from "../../format/flow-text.ts";
import { count } from "../../format/text.ts";
import { duration, exact } from "../../format/time.ts";
import { type Moment, type Next, timelineOf } from "./timeline-moments.ts";

interface TimelineProps {
  dispatch: DispatchDetail;
  /** Its destination, if that is paused. */
  paused: PausedDestination | undefined;
  now: Date;
}

/** What happened to a dispatch, one thing below the other, to its result or to what comes next. */
export const Timeline = ({ dispatch, paused, now }: TimelineProps) => (
  <ol class="timeline">
    {timelineOf(dispatch, paused, now).map((moment) => (
      <Step moment={moment} dispatch={dispatch} paused={paused} now={now} />
    ))}
  </ol>
);

const Step = ({ moment, ...rest }: TimelineProps & { moment: Moment }) => {
  const { dispatch, now } = rest;
  switch (moment.kind) {
    case "emitted":
      return (
        <Item mark="plain" title="Emitted" at={moment.at} now={now}>
          event <EventId id={dispatch.eventId} />
        </Item>
      );
    case "created":
      return (
        <Item
          mark="plain"
          title={dispatch.retryOf === null ? "Dispatched" : "Retried by hand"}
          at={moment.at}
          now={now}
        >
          {dispatch.retryOf === null ? (
            "by an operator"
          ) : (
            <>
              in place of <Id id={dispatch.retryOf} href={`/dispatches/${dispatch.retryOf}`} />
            </>
          )}
        </Item>
      );
    case "attempt":
      return <Attempt moment={moment} {...rest} />;
    case "ended":
      return (
        <Item mark={dispatch.status} title={<Status name={dispatch.status} />} at={moment.at} now={now}>
          {dispatch.executions.length === 0 || dispatch.executions.at(-1)?.reason !== dispatch.reason ? (
            <Reason text={dispatch.reason} />
          ) : (
            "final"
          )}
        </Item>
      );
    case "next":
      return <NextStep next={moment.what} {...rest} />;
  }
};

const Attempt = ({ moment, dispatch, now }: TimelineProps & { moment: Extract<Moment, { kind: "attempt" }> }) => {
  const { attempt, result, reason, instanceId } = moment.execution;
  return (
    <Item
      mark={result}
      id={`attempt-${attempt}`}
      title={
        <>
          Attempt {attempt} of {Math.max(dispatch.maxRetries + 1, attempt)} <Status name={result} />
        </>
      }
      at={moment.at}
      now={now}
    >
      <p class="dim num">
        waited {duration(moment.waitedMs)}, took {duration(moment.tookMs)}
        {moment.newInstance ? ", in another Workflow instance" : ""}
      </p>
      <Reason text={reason} />
      {moment.newInstance ? (
        <p class="dim">
          instance <code class="wrap">{instanceId}</code> <Copy text={instanceId} what="instance id" />
        </p>
      ) : undefined}
    </Item>
  );
};

const NextStep = ({ next, dispatch, paused, now }: TimelineProps & { next: Next }) => {
  const of = `Attempt ${next.attempt} of ${Math.max(dispatch.maxRetries + 1, next.attempt)}`;
  switch (next.kind) {
    case "calling":
      return (
        <Item mark="ongoing" title={`${of} is being made`} now={now}>
          Its result is expected by <Time at={next.until} now={now} clock />; after that it is taken up anew.
        </Item>
      );
    case "held":
      return (
        <Item mark="paused" title={`${of} is held`} now={now}>
          <a href={`/destinations/${encodeURIComponent(dispatch.destination)}`}>{dispatch.destination}</a> is paused
          since <Time at={next.since} now={now} clock />
          {paused?.pauseReason ? `: ${paused.pauseReason}` : ""}. Resume it to let this go.
        </Item>
      );
    case "waiting":
      return (
        <Item mark="ongoing" title={`${of} waits ${DISPATCH_WAIT_WORDS[next.waiting.for]}`} now={now}>
          <Before waiting={next.waiting} dispatch={dispatch} />
        </Item>
      );
    case "due":
      return (
        <Item mark="ongoing" title={`${of} is due`} at={next.at} now={now}>
          {next.at > now ? "Nothing happens before." : "It is about to be made."}
        </Item>
      );
    case "overdue":
      return (
        <Item mark="overdue" title={`${of} is overdue`} at={next.at} now={now}>
          Nobody is working on it. The executor's cron looks for it every minute; if this goes on, look at the
          executor's logs.
        </Item>
      );
  }
};

/** How many are before it, and which of them keeps it waiting. */
const Before = ({ waiting, dispatch }: { waiting: DispatchWaiting; dispatch: DispatchDetail }) => {
  const { ahead, head, heldBy } = waiting;
  const link = <a href={`/destinations/${encodeURIComponent(dispatch.destination)}#keys`}>{dispatch.destination}</a>;
  const key = keyName((head === null ? dispatch.flowKey : dispatch.orderKey) ?? "");
  if (heldBy !== null) {
    return (
      <>
        <DispatchId id={heldBy} /> failed for good and holds key {key}: retry it, or go on without it. {count(ahead)}{" "}
        more before this one.
      </>
    );
  }
  return (
    <>
      {ahead === 0 ? "None" : count(ahead)} before it in key {key} of {link}
      {head === null || head === dispatch.id ? undefined : (
        <>
          , the first of which is <DispatchId id={head} />
        </>
      )}
      .
    </>
  );
};

interface ItemProps {
  mark: string;
  title: Child;
  at?: Date;
  now: Date;
  id?: string;
  children?: Child;
}

const Item = ({ mark, title, at, now, id, children }: ItemProps) => (
  <li class={`step s-${mark}`} {...(id === undefined ? {} : { id })}>
    <div class="step-head">
      <span class="strong">{title}</span>
      {at === undefined ? undefined : (
        <span class="step-time">
          <span class="num dim">{exact(at).slice(0, 23)}</span> <Time at={at} now={now} />
        </span>
      )}
    </div>
    <div class="step-body">{children}</div>
  </li>
);

/** A reason as it was given, line breaks and all. */
const Reason = ({ text }: { text: string | null }) =>
  text === null ? undefined : <pre class="reason-text">{text}</pre>;
