import type { DispatchDetail, PausedDestination } from "../../../../schema/contract/operator.ts";
import { Copy, Id } from "../../components/Id.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Facts, Heading, Panel, ProblemBox } from "../../components/Panels.tsx";
import { PayloadPanel } from "../../components/PayloadPanel.tsx";
import { Status } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt, type Problem } from "../../errors/call-error.ts";
import { delayWords, many } from "../../format/text.ts";
import { formOf, numberOf } from "../../forms/posted-form.ts";
import { adviceOn } from "./advice.ts";
import { Timeline } from "./Timeline.tsx";

/** `/dispatches/:id`: what happened to one, why, what comes next, and what can be done. */
export function addDispatch(app: ConsoleApp): void {
  app.get("/dispatches/:id", (c) => dispatchPage(c, c.req.param("id")));

  app.post("/dispatches/:id/retry", async (c) => {
    const form = await formOf(c);
    const names = ["maxRetries", "timeoutSeconds", "delaySeconds"] as const;
    const overrides = Object.fromEntries(
      names.filter((name) => form.get(name) !== "").map((name) => [name, numberOf(form.get(name))]),
    );
    const made = await attempt(c.var.operator.retryDispatch(c.req.param("id"), overrides));
    if (made.problem) return dispatchPage(c, c.req.param("id"), made.problem, form.all);
    return c.redirect(`/dispatches/${made.value.id}?done=retried`, 303);
  });

  app.post("/dispatches/:id/cancel", async (c) => {
    const done = await attempt(c.var.operator.cancelDispatch(c.req.param("id")));
    if (done.problem) return dispatchPage(c, c.req.param("id"), done.problem);
    return c.redirect(`/dispatches/${c.req.param("id")}?done=cancelled`, 303);
  });
}

type Typed = Readonly<Record<string, string>>;

async function dispatchPage(c: ConsoleContext, id: string, problem?: Problem, typed: Typed = {}) {
  const now = new Date();
  const { operator } = c.var;
  const dispatch = await operator.getDispatch(id);
  const [event, paused] = await Promise.all([
    attempt(operator.getEvent(dispatch.eventId)),
    dispatch.status === "ongoing" ? pauseOf(c, dispatch.destination) : undefined,
  ]);
  const advice = adviceOn(dispatch);
  return c.html(
    <Layout
      c={c}
      title={`Dispatch to ${dispatch.destination}`}
      section="dispatches"
      live={dispatch.status === "ongoing" ? 2 : 10}
    >
      <Heading
        title={
          <>
            <Status name={dispatch.status} /> to{" "}
            <a href={`/destinations/${encodeURIComponent(dispatch.destination)}`}>{dispatch.destination}</a>
          </>
        }
      >
        <Actions dispatch={dispatch} typed={typed} />
      </Heading>
      {problem === undefined ? undefined : <ProblemBox problem={problem} />}
      {advice === undefined ? undefined : <p class={`advice s-${dispatch.status}`}>{advice}</p>}
      <div class="split">
        <Panel title="What happened" id="timeline">
          <Timeline dispatch={dispatch} paused={paused} now={now} />
        </Panel>
        <Panel title="Details" id="details">
          <Details dispatch={dispatch} now={now} />
        </Panel>
      </div>
      {event.problem ? <ProblemBox problem={event.problem} /> : <PayloadPanel event={event.value} open={false} />}
    </Layout>,
    problem?.status ?? 200,
  );
}

/** Its destination, if that is paused. */
async function pauseOf(c: ConsoleContext, name: string): Promise<PausedDestination | undefined> {
  const { value } = await attempt(c.var.operator.listPaused());
  return value?.find((one) => one.name === name);
}

const Actions = ({ dispatch, typed }: { dispatch: DispatchDetail; typed: Typed }) => {
  if (dispatch.status === "ongoing") {
    return (
      <details class="menu">
        <summary class="button">Cancel…</summary>
        <form method="post" action={`/dispatches/${dispatch.id}/cancel`} class="menu-body">
          <p>
            {dispatch.destination} will not get this event any more. A call that is being made now ends as it will. This
            cannot be undone, but a cancelled dispatch can be retried.
          </p>
          <button type="submit" class="button danger">
            Cancel this dispatch
          </button>
        </form>
      </details>
    );
  }
  if (dispatch.retriedBy !== null) {
    return (
      <a class="button" href={`/dispatches/${dispatch.retriedBy}`}>
        Go to its retry
      </a>
    );
  }
  return (
    <form method="post" action={`/dispatches/${dispatch.id}/retry`} class="retry">
      <button
        type="submit"
        class={dispatch.status === "complete" || dispatch.status === "ignored" ? "button" : "button primary"}
      >
        Retry
      </button>
      <details class="menu" {...(Object.keys(typed).length > 0 ? { open: true } : {})}>
        <summary class="button" aria-label="Retry with other settings">
          with…
        </summary>
        <div class="menu-body">
          <Override
            name="maxRetries"
            label="Retries after the first attempt"
            typed={typed}
            usual={dispatch.maxRetries}
          />
          <Override name="timeoutSeconds" label="Seconds for one call" typed={typed} usual={dispatch.timeoutSeconds} />
          <Override name="delaySeconds" label="Seconds to wait before" typed={typed} usual={0} />
          <button type="submit" class="button">
            Retry with these
          </button>
        </div>
      </details>
    </form>
  );
};

interface OverrideProps {
  name: string;
  label: string;
  typed: Typed;
  usual: number;
}

const Override = ({ name, label, typed, usual }: OverrideProps) => (
  <label class="field">
    <span>{label}</span>
    <input type="text" inputmode="numeric" name={name} value={typed[name] ?? ""} placeholder={String(usual)} />
  </label>
);

const Details = ({ dispatch, now }: { dispatch: DispatchDetail; now: Date }) => {
  const { event } = dispatch;
  const link = (path: string, id: string | null) => (id === null ? undefined : <Id id={id} href={`${path}/${id}`} />);
  const facts = [
    ["Dispatch", <Id id={dispatch.id} full />],
    ["Event", <Id id={dispatch.eventId} href={`/events/${dispatch.eventId}`} full />],
    ["Route", <a href={`/routes?q=${encodeURIComponent(dispatch.route)}`}>{dispatch.route}</a>],
    ["Idempotency key", event.idempotencyKey === null ? undefined : <code class="wrap">{event.idempotencyKey}</code>],
    ["Created", <Time at={dispatch.createdAt} now={now} />],
    ["Retries", `${many(dispatch.maxRetries, "retry", "retries")}, ${delayWords(dispatch.retryDelay)}`],
    ["Timeout", `${dispatch.timeoutSeconds} s a call`],
    ["Workflow", dispatch.workflow ?? undefined],
    ["Instance", dispatch.instanceId === null ? undefined : <Instance id={dispatch.instanceId} />],
    ["Generation", dispatch.generation === 0 ? undefined : String(dispatch.generation)],
    ["Retry of", link("/dispatches", dispatch.retryOf)],
    ["Retried by", link("/dispatches", dispatch.retriedBy)],
    ["Made by operation", link("/operations", dispatch.operationId)],
  ] as const;
  return <Facts facts={facts.filter(([, value]) => value !== undefined)} />;
};

const Instance = ({ id }: { id: string }) => (
  <span class="id">
    <code class="wrap">{id}</code>
    <Copy text={id} what="instance id" />
  </span>
);
