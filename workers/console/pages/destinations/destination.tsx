import { type DestinationState, type FailureGroup, MAX_HEALTH_SAMPLE } from "../../../../schema/contract/operator.ts";
import { AlertList } from "../../components/AlertList.tsx";
import { DispatchTable } from "../../components/DispatchTable.tsx";
import { Layout } from "../../components/Layout.tsx";
import { ErrorBox, Facts, Heading, Panel } from "../../components/Panels.tsx";
import { Moment, Time } from "../../components/Time.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt, type CallError } from "../../errors/call-error.ts";
import { count, dispatches, heldDispatches, percent } from "../../format/text.ts";
import { duration } from "../../format/time.ts";
import { searchQuery } from "../../forms/filters.ts";
import { formOf } from "../../forms/posted-form.ts";
import { DestinationStatus, SAMPLE_NOTE } from "./DestinationTable.tsx";
import { flowFacts, flowPanels, SetByHand } from "./FlowPanels.tsx";
import { LimitsMenu, type TypedLimits } from "./LimitsMenu.tsx";
import { resultsOf } from "./results.ts";

const DAY_SECONDS = 86_400;
const PERIOD = "24h";

/** Dispatches shown of a destination. */
const SHOWN = 10;

/** `/destinations/:name`: one, its health and its failures; pause and resume. */
export function addDestination(app: ConsoleApp): void {
  app.get("/destinations/:name", (c) => destinationPage(c, c.req.param("name")));

  app.post("/destinations/:name/pause", async (c) => {
    const [name, form] = [c.req.param("name"), await formOf(c)];
    const reason = form.get("reason");
    const done = await attempt(c.var.operator.pauseDestination(name, ...(reason === "" ? [] : [reason])));
    if (done.error) return destinationPage(c, name, { error: done.error, reason });
    return c.redirect(`/destinations/${encodeURIComponent(name)}?done=paused`, 303);
  });

  app.post("/destinations/:name/resume", async (c) => {
    const name = c.req.param("name");
    const done = await attempt(c.var.operator.resumeDestination(name));
    if (done.error) return destinationPage(c, name, { error: done.error });
    return c.redirect(`/destinations/${encodeURIComponent(name)}?done=resumed`, 303);
  });
}

/** What an action was refused with, and what was typed for it. */
interface Refused {
  error?: CallError;
  /** Of a pause. */
  reason?: string;
  /** Limits, of all of it or of a key. */
  limits?: { key: string | undefined; fields: TypedLimits };
}

/** The page of a destination, also with what an action on it was refused with. */
export async function destinationPage(c: ConsoleContext, name: string, { error, reason, limits }: Refused = {}) {
  const now = new Date();
  const { operator } = c.var;
  const [destination, problems, latest] = await Promise.all([
    operator.getDestination(name),
    attempt(operator.problems({ since: new Date(now.getTime() - DAY_SECONDS * 1_000), destination: name })),
    attempt(operator.listDispatches({ destination: name }, { limit: SHOWN })),
  ]);
  const { flow } = destination;
  const ofKey = limits?.key === undefined ? undefined : { key: limits.key, fields: limits.fields };
  const panels = flow === null ? undefined : await flowPanels({ c, name, flow, typed: ofKey, now });
  return c.html(
    <Layout c={c} title={name} section="destinations" live={5}>
      <Heading
        title={
          <>
            {name} <DestinationStatus destination={destination} />
          </>
        }
      >
        {flow === null || flow.rules === null ? undefined : (
          <LimitsMenu destination={name} limits={flow.rules} typed={ofKey === undefined ? limits?.fields : undefined} />
        )}
        <PauseResume destination={destination} typed={reason} />
      </Heading>
      {error === undefined ? undefined : <ErrorBox error={error} />}
      {destination.pausedAt === null ? undefined : <Paused destination={destination} now={now} />}
      {flow?.override ? <SetByHand name={name} flow={flow} now={now} /> : undefined}
      <Facts facts={factsOf(destination, now)} />
      {isSampled(destination) ? <p class="dim">{SAMPLE_NOTE}</p> : undefined}
      {panels}
      <Failures groups={problems.value?.failures ?? []} now={now} />
      <Panel
        title="Latest dispatches"
        id="latest"
        aside={<a href={`/dispatches${searchQuery({ destination: name })}`}>all of them</a>}
      >
        {latest.value === undefined || latest.value.items.length === 0 ? (
          <p class="dim">None yet.</p>
        ) : (
          <DispatchTable dispatches={latest.value.items} now={now} caption="Its latest dispatches" />
        )}
      </Panel>
    </Layout>,
    error?.status ?? 200,
  );
}

const Failures = ({ groups, now }: { groups: readonly FailureGroup[]; now: Date }) =>
  groups.length === 0 ? undefined : (
    <Panel title="Failed in the last 24 hours and not retried" id="failures">
      <AlertList alerts={groups.map((group) => ({ kind: "failures", tone: "bad", group }))} now={now} period={PERIOD} />
    </Panel>
  );

const Paused = ({ destination, now }: { destination: DestinationState; now: Date }) => (
  <p class="advice s-paused">
    Paused by {destination.pausedBy === "breaker" ? "its circuit breaker" : "an operator"} since{" "}
    {destination.pausedAt === null ? "" : <Time at={destination.pausedAt} now={now} clock />}
    {destination.pauseReason === null ? "" : `: ${destination.pauseReason}`}. It holds{" "}
    {heldDispatches(destination.ongoing)}; what it holds uses up no retry.
  </p>
);

/** Pauses it, or lets it go again; open with what was typed, if that was refused. */
const PauseResume = ({ destination, typed }: { destination: DestinationState; typed: string | undefined }) => {
  const path = `/destinations/${encodeURIComponent(destination.name)}`;
  if (destination.pausedAt !== null) {
    return (
      <form method="post" action={`${path}/resume`}>
        <button type="submit" class="button primary">
          {destination.ongoing === 0 ? "Resume" : `Resume, and let ${dispatches(destination.ongoing)} go`}
        </button>
      </form>
    );
  }
  return (
    <details class="menu" {...(typed === undefined ? {} : { open: true })}>
      <summary class="button">Pause…</summary>
      <form method="post" action={`${path}/pause`} class="menu-body">
        <p>
          {destination.ongoing === 0 ? "All dispatches" : `${dispatches(destination.ongoing)} and all`} that come will
          be held until it is resumed. No retries are used up, no other destination is disturbed, calls in flight end as
          they will.
        </p>
        <label class="field wide">
          <span>Why, for the others</span>
          <input type="text" name="reason" value={typed ?? ""} autocomplete="off" />
        </label>
        <button type="submit" class="button danger">
          Pause {destination.name}
        </button>
      </form>
    </details>
  );
};

/** Whether more resulted than is looked at. */
const isSampled = ({ day }: DestinationState): boolean =>
  Object.values(day.statuses).reduce((sum, n) => sum + n, 0) > MAX_HEALTH_SAMPLE;

function factsOf({ kind, hour, day, ongoing, oldestOngoing, flow, groupLimit }: DestinationState, now: Date) {
  const ms = (value: number | null) => (value === null ? "–" : duration(value));
  const health = ({ successRate, statuses, p50Ms, p95Ms, p99Ms }: DestinationState["hour"]) => {
    return (
      <span class="num">
        {percent(successRate)} of {count(resultsOf(statuses))}, p50 {ms(p50Ms)}, p95 {ms(p95Ms)}, p99 {ms(p99Ms)}
      </span>
    );
  };
  return [
    ["Kind", kind ?? "not in the configuration any more"],
    ...flowFacts(flow),
    ["Last hour", health(hour)],
    ["Last 24 hours", health(day)],
    ["Ongoing", count(ongoing)],
    ...(groupLimit === null
      ? []
      : [
          [
            "Smaller groups",
            <>
              of {groupLimit.size} for an hour from <Moment at={groupLimit.since} now={now} /> on: {groupLimit.by}
            </>,
          ] as const,
        ]),
    ...(oldestOngoing === null ? [] : [["The oldest of them", <Moment at={oldestOngoing} now={now} />] as const]),
  ] as const;
}
