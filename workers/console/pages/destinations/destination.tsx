import type { DestinationFlow, FlowState } from "../../../../schema/contract/flow.ts";
import { type DestinationState, type FailureGroup, MAX_HEALTH_SAMPLE } from "../../../../schema/contract/operator.ts";
import { AlertList } from "../../components/AlertList.tsx";
import { DispatchTable } from "../../components/DispatchTable.tsx";
import { Layout } from "../../components/Layout.tsx";
import { ErrorBox, Facts, Heading, Panel } from "../../components/Panels.tsx";
import { Moment, Time } from "../../components/Time.tsx";
import type { ConsoleApp, ConsoleContext } from "../../env.ts";
import { attempt, type CallError } from "../../errors/call-error.ts";
import { KEY_WAIT_WORDS, limitWords, ruleWords } from "../../format/flow-text.ts";
import { count, dispatches, heldDispatches, percent } from "../../format/text.ts";
import { duration } from "../../format/time.ts";
import { searchQuery } from "../../forms/filters.ts";
import { formOf } from "../../forms/posted-form.ts";
import { DestinationStatus, SAMPLE_NOTE } from "./DestinationTable.tsx";
import { KeysPanel, keysToTell, SHOWN_KEYS } from "./KeysPanel.tsx";
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
    if (done.error) return destinationPage(c, name, done.error, reason);
    return c.redirect(`/destinations/${encodeURIComponent(name)}?done=paused`, 303);
  });

  app.post("/destinations/:name/resume", async (c) => {
    const name = c.req.param("name");
    const done = await attempt(c.var.operator.resumeDestination(name));
    if (done.error) return destinationPage(c, name, done.error);
    return c.redirect(`/destinations/${encodeURIComponent(name)}?done=resumed`, 303);
  });
}

/** The page of a destination, also with what an action on it was refused with. */
export async function destinationPage(c: ConsoleContext, name: string, error?: CallError, typed = "") {
  const now = new Date();
  const { operator } = c.var;
  const [destination, problems, latest] = await Promise.all([
    operator.getDestination(name),
    attempt(operator.problems({ since: new Date(now.getTime() - DAY_SECONDS * 1_000), destination: name })),
    attempt(operator.listDispatches({ destination: name }, { limit: SHOWN })),
  ]);
  const keys = destination.flow === null ? undefined : await keysOf(c, name);
  return c.html(
    <Layout c={c} title={name} section="destinations" live={5}>
      <Heading
        title={
          <>
            {name} <DestinationStatus destination={destination} />
          </>
        }
      >
        <PauseResume destination={destination} typed={typed} open={error !== undefined} />
      </Heading>
      {error === undefined ? undefined : <ErrorBox error={error} />}
      {destination.pausedAt === null ? undefined : <Paused destination={destination} now={now} />}
      {destination.flow?.override ? <SetByHand name={name} flow={destination.flow} now={now} /> : undefined}
      <Facts facts={factsOf(destination, now)} />
      {isSampled(destination) ? <p class="dim">{SAMPLE_NOTE}</p> : undefined}
      {keys === undefined ? undefined : <KeysPanel keys={keys} now={now} />}
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

/** The keys of which something is to be told. */
async function keysOf(c: ConsoleContext, name: string): Promise<FlowState[]> {
  const { operator } = c.var;
  const lists = await Promise.all([
    attempt(operator.flows({ destination: name, held: true }, { limit: SHOWN_KEYS })),
    attempt(operator.flows({ destination: name, waitingFor: "pause" }, { limit: SHOWN_KEYS })),
    attempt(operator.flows({ destination: name }, { limit: SHOWN_KEYS, order: "busiest" })),
  ]);
  return keysToTell(...lists.map(({ value }) => value?.items ?? []));
}

const SetByHand = ({ name, flow, now }: { name: string; flow: DestinationFlow; now: Date }) => (
  <form method="post" action={`/destinations/${encodeURIComponent(name)}/limits/reset`} class="advice s-paused">
    An operator has set other limits{" "}
    {flow.overrideUntil === null ? (
      ""
    ) : (
      <>
        until <Time at={flow.overrideUntil} now={now} clock />
      </>
    )}
    : {limitWords(flow.override ?? {})}.{" "}
    <button type="submit" class="button">
      Reset
    </button>
  </form>
);

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

const PauseResume = ({ destination, typed, open }: { destination: DestinationState; typed: string; open: boolean }) => {
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
    <details class="menu" {...(open ? { open: true } : {})}>
      <summary class="button">Pause…</summary>
      <form method="post" action={`${path}/pause`} class="menu-body">
        <p>
          {destination.ongoing === 0 ? "All dispatches" : `${dispatches(destination.ongoing)} and all`} that come will
          be held until it is resumed. No retries are used up, no other destination is disturbed, calls in flight end as
          they will.
        </p>
        <label class="field wide">
          <span>Why, for the others</span>
          <input type="text" name="reason" value={typed} autocomplete="off" />
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

/** Its limits and order, and what it waits for. */
function flowFacts(flow: DestinationFlow | null): (readonly [string, string])[] {
  if (flow === null) return [];
  const { rules, inFlight, blocked } = flow;
  return [
    ["Limits", rules === null ? "not in the configuration any more" : ruleWords(rules)],
    ["Calls under way", `${count(inFlight)}${blocked === null ? "" : `; waits for ${KEY_WAIT_WORDS[blocked]}`}`],
  ];
}

function factsOf({ kind, hour, day, ongoing, oldestOngoing, flow }: DestinationState, now: Date) {
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
    ...(oldestOngoing === null ? [] : [["The oldest of them", <Moment at={oldestOngoing} now={now} />] as const]),
  ] as const;
}
