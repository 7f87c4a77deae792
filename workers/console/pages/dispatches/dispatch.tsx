import type { DispatchDetail, PausedDestination } from "../../../../schema/contract/operator.ts";
import { ValueTag } from "../../components/About.tsx";
import { DashboardLinks } from "../../components/DashboardLinks.tsx";
import { Copy, Id } from "../../components/Id.tsx";
import { Layout } from "../../components/Layout.tsx";
import { ErrorBox, Facts, Heading, Panel } from "../../components/Panels.tsx";
import { PayloadPanel } from "../../components/PayloadPanel.tsx";
import { Status } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt, type CallError } from "../../errors/call-error.ts";
import { delayWords, many } from "../../format/amounts.ts";
import { keyName } from "../../format/flow-text.ts";
import { destinationPath, routePath } from "../../format/paths.ts";
import { REFRESH_SECONDS } from "../../format/refresh-seconds.ts";
import { numberOf } from "../../forms/number-of.ts";
import { formOf } from "../../forms/posted-form.ts";
import { aboutEvent } from "../events/about-event.ts";
import { adviceOn } from "./advice.ts";
import { DispatchActions, type TypedOverrides } from "./DispatchActions.tsx";
import { Timeline } from "./Timeline.tsx";

/** `/dispatches/:id`: the history of a dispatch, the reasons, what comes next, and the possible actions. */
export function addDispatch(app: ConsoleApp): void {
  app.get("/dispatches/:id", (c) => dispatchPage(c, c.req.param("id")));

  app.post("/dispatches/:id/retry", async (c) => {
    const form = await formOf(c);
    const names = ["maxRetries", "timeoutSeconds", "delaySeconds"] as const;
    const overrides = Object.fromEntries(
      names.filter((name) => form.get(name) !== "").map((name) => [name, numberOf(form.get(name))]),
    );
    const made = await attempt(c.var.operator.retryDispatch(c.req.param("id"), overrides));
    if (made.error) return dispatchPage(c, c.req.param("id"), made.error, form.all);
    return c.redirect(`/dispatches/${made.value.id}?done=retried`, 303);
  });

  app.post("/dispatches/:id/cancel", async (c) => {
    const done = await attempt(c.var.operator.cancelDispatch(c.req.param("id")));
    if (done.error) return dispatchPage(c, c.req.param("id"), done.error);
    return c.redirect(`/dispatches/${c.req.param("id")}?done=cancelled`, 303);
  });

  app.post("/dispatches/:id/release", async (c) => {
    const { id, destination, orderKey } = await c.var.operator.getDispatch(c.req.param("id"));
    const done = await attempt(c.var.operator.releaseKey(destination, orderKey ?? ""));
    if (done.error) return dispatchPage(c, id, done.error);
    return c.redirect(`/dispatches/${id}?done=released`, 303);
  });
}

async function dispatchPage(c: ConsoleContext, id: string, error?: CallError, typed: TypedOverrides = {}) {
  const now = new Date();
  const { operator } = c.var;
  const dispatch = await operator.getDispatch(id);
  const [event, about, paused] = await Promise.all([
    attempt(operator.getEvent(dispatch.eventId)),
    aboutEvent(c, dispatch.eventId),
    dispatch.status === "ongoing" ? pauseOf(c, dispatch.destination) : undefined,
  ]);
  const advice = adviceOn(dispatch);
  return c.html(
    <Layout
      c={c}
      title={`Dispatch to ${dispatch.destination}`}
      section="dispatches"
      live={dispatch.status === "ongoing" ? REFRESH_SECONDS.ongoing : REFRESH_SECONDS.final}
    >
      <Heading
        eyebrow={
          <>
            Dispatch of <a href={`/events/${dispatch.eventId}`}>{about?.kind ?? "an event"}</a>
            {about?.values.map(({ path, value }) => (
              <ValueTag path={path} value={value} />
            ))}
          </>
        }
        title={
          <>
            <Status name={dispatch.status} /> to{" "}
            <a href={destinationPath(dispatch.destination)}>{dispatch.destination}</a>
          </>
        }
      >
        <DispatchActions dispatch={dispatch} typed={typed} />
      </Heading>
      {error === undefined ? undefined : <ErrorBox error={error} />}
      {advice === undefined ? undefined : <p class={`advice s-${dispatch.status}`}>{advice}</p>}
      <div class="split">
        <Panel
          title="What happened"
          id="timeline"
          aside={
            dispatch.executions.length < 2 ? undefined : (
              <a class="button" href={`/dispatches/${dispatch.id}/compare`}>
                Compare attempts
              </a>
            )
          }
        >
          <Timeline dispatch={dispatch} paused={paused} now={now} wanted={wantedAttempt(c)} />
        </Panel>
        <Panel title="Details" id="details" aside={<DashboardLinks c={c} dispatch={dispatch} />}>
          <Details dispatch={dispatch} now={now} />
        </Panel>
      </div>
      {event.error ? <ErrorBox error={event.error} /> : <PayloadPanel event={event.value} open={false} />}
    </Layout>,
    error?.status ?? 200,
  );
}

/** The number of the attempt in the URL. */
function wantedAttempt(c: ConsoleContext): number | undefined {
  const attempt = Number(c.req.query("attempt"));
  return Number.isSafeInteger(attempt) && attempt > 0 ? attempt : undefined;
}

/** The destination, if it is paused. */
async function pauseOf(c: ConsoleContext, name: string): Promise<PausedDestination | undefined> {
  const { value } = await attempt(c.var.operator.listPaused());
  return value?.find((one) => one.name === name);
}

const Details = ({ dispatch, now }: { dispatch: DispatchDetail; now: Date }) => {
  const { event } = dispatch;
  const link = (path: string, id: string | null) => (id === null ? undefined : <Id id={id} href={`${path}/${id}`} />);
  const facts = [
    ["Dispatch", <Id id={dispatch.id} full />],
    ["Event", <Id id={dispatch.eventId} href={`/events/${dispatch.eventId}`} full />],
    ["Route", <a href={routePath(dispatch.route)}>{dispatch.route}</a>],
    ["Idempotency key", event.idempotencyKey === null ? undefined : <code>{event.idempotencyKey}</code>],
    ["Created", <Time at={dispatch.createdAt} now={now} />],
    ["Retries", `${many(dispatch.maxRetries, "retry", "retries")}, ${delayWords(dispatch.retryDelay)}`],
    ["Timeout", `${dispatch.timeoutSeconds} s per call`],
    ["Workflow", dispatch.workflow ?? undefined],
    ["Instance", dispatch.instanceId === null ? undefined : <Instance id={dispatch.instanceId} />],
    ["Key of its limits", dispatch.flowKey === null ? undefined : keyName(dispatch.flowKey)],
    ["Key of its order", dispatch.orderKey === null ? undefined : keyName(dispatch.orderKey)],
    ["Position", dispatch.position === null ? undefined : String(dispatch.position)],
    ["Generation", dispatch.generation === 0 ? undefined : String(dispatch.generation)],
    ["Retry of", link("/dispatches", dispatch.retryOf)],
    ["Retried by", link("/dispatches", dispatch.retriedBy)],
    ["Made by operation", link("/operations", dispatch.operationId)],
  ] as const;
  return <Facts facts={facts.filter(([, value]) => value !== undefined)} />;
};

const Instance = ({ id }: { id: string }) => (
  <span class="id">
    <code>{id}</code>
    <Copy text={id} what="instance id" />
  </span>
);
