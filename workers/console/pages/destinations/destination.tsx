import { type DestinationState, MAX_HEALTH_SAMPLE } from "../../../../schema/contract/operator.ts";
import type { FailureGroup, RetryingGroup } from "../../../../schema/contract/problems.ts";
import { AlertList } from "../../components/AlertList.tsx";
import { DispatchTable } from "../../components/DispatchTable.tsx";
import { Layout } from "../../components/Layout.tsx";
import { ErrorBox, Facts, Heading, Panel } from "../../components/Panels.tsx";
import { RangeTabs } from "../../components/RangeTabs.tsx";
import { type Tile, Tiles } from "../../components/Tiles.tsx";
import { Moment, Time } from "../../components/Time.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt, type CallError } from "../../errors/call-error.ts";
import { count, dispatches, heldDispatches, pauserWords, percent } from "../../format/amounts.ts";
import { chartRangeOf } from "../../format/buckets.ts";
import { PAGE_ROWS } from "../../format/page-rows.ts";
import { destinationPath } from "../../format/paths.ts";
import { REFRESH_SECONDS } from "../../format/refresh-seconds.ts";
import { duration } from "../../format/time.ts";
import { searchQuery } from "../../forms/filters.ts";
import { formOf } from "../../forms/posted-form.ts";
import { incidentAlerts, retryingAlerts } from "../overview/attention.ts";
import { DeferredPanel } from "../overview/DeferredPanel.tsx";
import { ConfigurationPanel } from "./ConfigurationPanel.tsx";
import { resultsOf } from "./count-results.ts";
import { DestinationStatus, rateTone, SAMPLE_NOTE } from "./DestinationTable.tsx";
import { flowFacts, flowPanels, SetByHand } from "./FlowPanels.tsx";
import { LimitsMenu, type TypedLimits } from "./LimitsMenu.tsx";

const DAY_SECONDS = 86_400;

/** `/destinations/:name`: a destination, its health and its failures; pause and resume. */
export function addDestination(app: ConsoleApp): void {
  app.get("/destinations/:name", (c) => destinationPage(c, c.req.param("name")));

  app.post("/destinations/:name/pause", async (c) => {
    const [name, form] = [c.req.param("name"), await formOf(c)];
    const reason = form.get("reason");
    const done = await attempt(c.var.operator.pauseDestination(name, ...(reason === "" ? [] : [reason])));
    if (done.error) return destinationPage(c, name, { error: done.error, reason });
    return c.redirect(`${destinationPath(name)}?done=paused`, 303);
  });

  app.post("/destinations/:name/resume", async (c) => {
    const name = c.req.param("name");
    const done = await attempt(c.var.operator.resumeDestination(name));
    if (done.error) return destinationPage(c, name, { error: done.error });
    return c.redirect(`${destinationPath(name)}?done=resumed`, 303);
  });
}

/** The error of a refused action, and what was typed for it. */
interface Refused {
  error?: CallError;
  /** The typed reason of a pause. */
  reason?: string;
  /** The typed limits, of the whole destination or of a key. */
  limits?: { key: string | undefined; fields: TypedLimits };
}

/** The page of a destination, with the error if an action on it was refused. */
export async function destinationPage(c: ConsoleContext, name: string, { error, reason, limits }: Refused = {}) {
  const now = new Date();
  const { operator } = c.var;
  const range = chartRangeOf(c.req.query(), now);
  const within = range.until === undefined ? {} : { since: range.since, until: range.until };
  const ofRange = range.until === undefined ? {} : range.search;
  const [destination, problems, latest, config] = await Promise.all([
    operator.getDestination(name),
    attempt(operator.problems({ since: new Date(now.getTime() - DAY_SECONDS * 1_000), destination: name })),
    attempt(operator.listDispatches({ destination: name, ...within }, { limit: PAGE_ROWS.beside })),
    attempt(operator.getConfiguration()),
  ]);
  const { flow } = destination;
  const ofKey = limits?.key === undefined ? undefined : { key: limits.key, fields: limits.fields };
  const panels = flow === null ? undefined : await flowPanels({ c, name, flow, typed: ofKey, now });
  return c.html(
    <Layout c={c} title={name} section="destinations" live={REFRESH_SECONDS.destination} charts>
      <Heading
        eyebrow={`Destination: ${destination.kind ?? "not in the configuration any more"}`}
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
      {destination.drain === null || destination.drain.rest === 0 ? undefined : (
        <Draining drain={destination.drain} now={now} />
      )}
      {flow?.override ? <SetByHand name={name} flow={flow} now={now} /> : undefined}
      <Health destination={destination} />
      <Facts facts={factsOf(destination, now)} />
      {isSampled(destination) ? <p class="dim">{SAMPLE_NOTE}</p> : undefined}
      <div class="top-line">
        <h2>What went in and out</h2>
        <RangeTabs path={destinationPath(name)} range={range} now={now} />
      </div>
      <DeferredPanel
        id={`figures-${Object.values(range.search).join("-")}`}
        from={`/figures${searchQuery({ ...range.search, destination: name })}`}
        part="figures"
        everySeconds={REFRESH_SECONDS.ownCharts}
        text="Charts"
      />
      {panels}
      <Failures groups={problems.value?.failures ?? []} now={now} />
      <Retrying groups={problems.value?.retrying ?? []} now={now} />
      {config.value === undefined ? undefined : (
        <ConfigurationPanel c={c} destination={destination} config={config.value} />
      )}
      <Panel
        title={range.until === undefined ? "Latest dispatches" : "Dispatches of this time"}
        id="latest"
        aside={<a href={`/dispatches${searchQuery({ ...ofRange, destination: name })}`}>all of them</a>}
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
      <AlertList alerts={incidentAlerts(groups, now)} now={now} />
    </Panel>
  );

const Retrying = ({ groups, now }: { groups: readonly RetryingGroup[]; now: Date }) =>
  groups.length === 0 ? undefined : (
    <Panel title="Failed, and tried again" id="retrying">
      <AlertList alerts={retryingAlerts(groups, now)} now={now} />
    </Panel>
  );

const Paused = ({ destination, now }: { destination: DestinationState; now: Date }) => (
  <p class="advice s-paused">
    Paused by {pauserWords(destination)} since{" "}
    {destination.pausedAt === null ? "" : <Time at={destination.pausedAt} now={now} clock />}
    {destination.pauseReason === null ? "" : `: ${destination.pauseReason}`}. It holds{" "}
    {heldDispatches(destination.ongoing)}; what it holds uses up no retry.
  </p>
);

/** The number of dispatches still held after a resume, and the approximate time until when. */
const Draining = ({ drain, now }: { drain: NonNullable<DestinationState["drain"]>; now: Date }) => (
  <p class="advice s-ongoing" id="draining">
    It drains: {dispatches(drain.rest)} of those that it held {drain.rest === 1 ? "is" : "are"} still to go,{" "}
    {count(drain.perSecond)} a second, oldest first. The last goes out at about{" "}
    <Time at={drain.until} now={now} clock />.
  </p>
);

/** Pauses or resumes the destination. If that was refused, the form is open, with the typed text. */
const PauseResume = ({ destination, typed }: { destination: DestinationState; typed: string | undefined }) => {
  const path = destinationPath(destination.name);
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
          be held until it is resumed. No retries are used up, no other destination is affected, and calls in flight are
          not interrupted.
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

/** Whether there were more results than the sample has. */
const isSampled = ({ day }: DestinationState): boolean =>
  Object.values(day.statuses).reduce((sum, n) => sum + n, 0) > MAX_HEALTH_SAMPLE;

/** The health in figures, of a day and of the last hour. */
const Health = ({ destination: { hour, day, rules } }: { destination: DestinationState }) => {
  const percentile = (name: string, of: "p50Ms" | "p95Ms" | "p99Ms"): Tile => ({
    name,
    value: ms(day[of]),
    note: `last hour ${ms(hour[of])}`,
  });
  const { successRate } = day;
  return (
    <Tiles
      tiles={[
        {
          name: "Delivered, 24 h",
          value: percent(successRate),
          note: `of ${count(resultsOf(day.statuses))}; last hour ${percent(hour.successRate)} of ${count(resultsOf(hour.statuses))}`,
          tone: successRate === null ? "" : rateTone(successRate, rules),
        },
        percentile("p50", "p50Ms"),
        percentile("p95", "p95Ms"),
        percentile("p99", "p99Ms"),
      ]}
    />
  );
};

const ms = (value: number | null) => (value === null ? "–" : duration(value));

function factsOf({ oldestOngoing, flow, groupLimit }: DestinationState, now: Date) {
  return [
    ...flowFacts(flow),
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
    ...(oldestOngoing === null ? [] : [["Oldest ongoing", <Moment at={oldestOngoing} now={now} />] as const]),
  ] as const;
}
