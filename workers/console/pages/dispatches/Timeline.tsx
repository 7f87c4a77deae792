import type { Child } from "hono/jsx";
import type { DispatchWaiting } from "../../../../schema/contract/flow.ts";
import type { DispatchDetail, PausedDestination } from "../../../../schema/contract/operator.ts";
import { Copy, DispatchId, EventId, Id } from "../../components/Id.tsx";
import { Status } from "../../components/Status.tsx";
import { Exact, Time } from "../../components/Time.tsx";
import { count, many } from "../../format/amounts.ts";
import { DISPATCH_WAIT_WORDS, keyName } from "../../format/flow-text.ts";
import { destinationPath } from "../../format/paths.ts";
import { duration } from "../../format/time.ts";
import { ATTEMPTS_SHOWN, type Fold, foldAttempts } from "./fold-attempts.ts";
import { type AttemptMoment, type Moment, type Next, timelineOf } from "./timeline-moments.ts";

interface TimelineProps {
  dispatch: DispatchDetail;
  /** The destination, if it is paused. */
  paused: PausedDestination | undefined;
  now: Date;
  /** The number of the requested attempt. */
  wanted?: number | undefined;
}

/** The history of a dispatch from top to bottom, to its result or to what comes next. */
export const Timeline = ({ dispatch, paused, now, wanted }: TimelineProps) => {
  const moments = timelineOf(dispatch, paused, now);
  const attempts = foldAttempts(moments.filter(isAttempt), wanted);
  const before = moments.filter(({ kind }) => kind === "emitted" || kind === "created");
  const after = moments.filter(({ kind }) => kind === "ended" || kind === "next");
  return (
    <ol class="timeline">
      {[...before, ...attempts, ...after].map((moment) => (
        <Step moment={moment} dispatch={dispatch} paused={paused} now={now} />
      ))}
    </ol>
  );
};

const isAttempt = (moment: Moment): moment is AttemptMoment => moment.kind === "attempt";

const Step = ({ moment, ...rest }: TimelineProps & { moment: Moment | Fold }) => {
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
          title={dispatch.retryOf === null ? "Dispatched" : "Retried manually"}
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
    case "fold":
      return <FoldedAttempts fold={moment} dispatch={dispatch} now={now} />;
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

const Attempt = ({ moment, dispatch, now }: TimelineProps & { moment: AttemptMoment }) => {
  const { attempt, result, reason, instanceId } = moment.execution;
  return (
    <Item
      mark={result}
      id={`attempt-${attempt}`}
      title={
        <>
          <a href={attemptPath(dispatch, attempt)}>Attempt {count(attempt)}</a> of{" "}
          {count(Math.max(dispatch.maxRetries + 1, attempt))} <Status name={result} />
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
          instance <code>{instanceId}</code> <Copy text={instanceId} what="instance id" />
        </p>
      ) : undefined}
    </Item>
  );
};

/** The URL that shows an attempt, even if it is in a fold. */
const attemptPath = ({ id, attempts }: DispatchDetail, attempt: number) =>
  `${attempts > ATTEMPTS_SHOWN ? `/dispatches/${id}?attempt=${attempt}` : ""}#attempt-${attempt}`;

/** The most different results that a fold names. */
const SHOWN_ENDS = 3;

/** Many attempts in one line: which ones, from when to when, and their results. */
const FoldedAttempts = ({ fold, dispatch, now }: { fold: Fold; dispatch: DispatchDetail; now: Date }) => {
  const { from, to, since, until, ends, instances } = fold;
  const more = ends.slice(SHOWN_ENDS).reduce((sum, { attempts }) => sum + attempts, 0);
  return (
    <Item
      mark={ends[0]?.result ?? "plain"}
      id={`attempts-${from}`}
      title={
        <>
          Attempts {count(from)} to {count(to)}
          {ends.length === 1 ? ", all" : ""} <Status name={ends[0]?.result ?? "failed"} />
        </>
      }
      at={until}
      now={now}
    >
      <p class="dim num">
        in {duration(until.getTime() - since.getTime())}
        {instances > 1 ? `, in ${count(instances)} Workflow instances` : ""}.{" "}
        <a href={`/dispatches/${dispatch.id}?attempt=${from}#attempt-${from}`}>
          Show them{to - from >= ATTEMPTS_SHOWN ? ` from ${count(from)} on` : ""}
        </a>
      </p>
      {ends.slice(0, SHOWN_ENDS).map(({ result, reason, attempts }) => (
        <>
          {ends.length === 1 ? undefined : (
            <p>
              {count(attempts)} <Status name={result} />
            </p>
          )}
          <Reason text={reason} />
        </>
      ))}
      {more === 0 ? undefined : (
        <p class="dim">
          {count(more)} with {many(ends.length - SHOWN_ENDS, "other reason")}
        </p>
      )}
    </Item>
  );
};

const NextStep = ({ next, dispatch, paused, now }: TimelineProps & { next: Next }) => {
  const of = `Attempt ${next.attempt} of ${Math.max(dispatch.maxRetries + 1, next.attempt)}`;
  switch (next.kind) {
    case "calling":
      return (
        <Item mark="ongoing" title={`${of} is being made`} now={now}>
          Its result is expected by <Time at={next.until} now={now} clock />; after that, it is attempted again.
        </Item>
      );
    case "held":
      return (
        <Item mark="paused" title={`${of} is held`} now={now}>
          <a href={destinationPath(dispatch.destination)}>{dispatch.destination}</a> is paused since{" "}
          <Time at={next.since} now={now} clock />
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
          {next.at > now ? "Nothing happens before then." : "It is about to be made."}
        </Item>
      );
    case "overdue":
      return (
        <Item mark="overdue" title={`${of} is overdue`} at={next.at} now={now}>
          Nobody works on it. The executor looks for it by itself; if this does not change, see{" "}
          <a href="/deployment">its last run</a>.
        </Item>
      );
  }
};

/** The number of dispatches ahead of it, and the one that keeps it waiting. */
const Before = ({ waiting, dispatch }: { waiting: DispatchWaiting; dispatch: DispatchDetail }) => {
  const { ahead, head, heldBy } = waiting;
  const link = <a href={`${destinationPath(dispatch.destination)}#keys`}>{dispatch.destination}</a>;
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
          <span class="dim">
            <Exact at={at} />
          </span>{" "}
          <Time at={at} now={now} />
        </span>
      )}
    </div>
    <div class="step-body">{children}</div>
  </li>
);

/** A reason as it was given, with its line breaks. */
const Reason = ({ text }: { text: string | null }) =>
  text === null ? undefined : <pre class="reason-text">{text}</pre>;
