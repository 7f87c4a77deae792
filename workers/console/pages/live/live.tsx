import { TAILED, type Tail, type Tailed, type TailItem } from "../../../../schema/contract/tail.ts";
import { Choice } from "../../components/Fields.tsx";
import { DispatchFilters } from "../../components/Filters.tsx";
import { DispatchId, EventId } from "../../components/Id.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, ErrorBox, Heading } from "../../components/Panels.tsx";
import { Status } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import type { ConsoleApp } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { count, dispatches, many, oneLine } from "../../format/amounts.ts";
import { PAGE_ROWS } from "../../format/page-rows.ts";
import { pathOf } from "../../format/paths.ts";
import { REFRESH_SECONDS } from "../../format/refresh-seconds.ts";
import { dispatchFilter, readSearch } from "../../forms/filters.ts";
import { knownNames } from "../dispatches/known-names.ts";

const REASON_LENGTH = 160;

const ONLY = [
  ["", "everything"],
  ["event", "events"],
  ["attempt", "attempts that failed"],
  ["result", "results"],
] as const;

const isTailed = (text: string): text is Tailed => TAILED.some((one) => one === text);

/** `/live`: shows what happens, as it happens. */
export function addLive(app: ConsoleApp): void {
  app.get("/live", async (c) => {
    const now = new Date();
    const search = readSearch(new URL(c.req.url).searchParams);
    const { only } = search;
    const [tail, known] = await Promise.all([
      attempt(
        c.var.operator.tail(dispatchFilter(search, now), {
          limit: PAGE_ROWS.live,
          ...(isTailed(only) && { only: [only] }),
        }),
      ),
      knownNames(c),
    ]);
    return c.html(
      <Layout c={c} title="Live" section="live" live={REFRESH_SECONDS.live}>
        <Heading title="The last minute" />
        <DispatchFilters search={search} known={known} path="/live">
          <Choice name="only" label="Show" value={only} options={ONLY} />
        </DispatchFilters>
        {tail.error ? <ErrorBox error={tail.error} again={pathOf(c)} /> : <Told tail={tail.value} now={now} />}
      </Layout>,
      tail.error?.status ?? 200,
    );
  });
}

const Told = ({ tail: { items, missed, exact }, now }: { tail: Tail; now: Date }) => (
  <>
    {missed === 0 ? undefined : (
      <p class="dim" id="missed">
        {`The newest ${count(items.length)}: ${exact ? "" : "more than "}${many(missed, "more item")} happened in the last minute.`}
      </p>
    )}
    {items.length === 0 ? (
      <Empty title="Nothing has happened in the last minute">
        <p>
          Events, attempts that failed and results are here within a second or two of happening, and stay for a minute.
          What happened before is in <a href="/dispatches">Dispatches</a> and <a href="/events">Events</a>.
        </p>
      </Empty>
    ) : (
      <table class="rows live">
        <caption class="hidden">What happened in the last minute, newest first</caption>
        <thead>
          <tr>
            <th>When</th>
            <th>What</th>
            <th>Kind</th>
            <th>Where to</th>
            <th class="num">Took</th>
            <th>Event or dispatch</th>
            <th>Reason</th>
          </tr>
        </thead>
        <tbody>
          {items.toReversed().map((item) => (
            <Row item={item} now={now} />
          ))}
        </tbody>
      </table>
    )}
  </>
);

const Row = ({ item, now }: { item: TailItem; now: Date }) => (
  <tr id={`t-${item.key.replaceAll(" ", "-")}`}>
    <td class="dim moment">
      <Time at={item.at} now={now} />
    </td>
    <td class="what">
      <What item={item} />
    </td>
    <td class="route" title={item.kind ?? ""}>
      {item.kind ?? ""}
    </td>
    {item.what === "event" ? (
      <>
        <td />
        <td class="num" />
        <td>
          <EventId id={item.eventId} row />
        </td>
        <td class="reason" />
      </>
    ) : (
      <>
        <td class="route" title={`route ${item.route}`}>
          {item.destination}
        </td>
        <td class="num">{`${count(Math.round(item.tookMs))} ms`}</td>
        <td>
          <DispatchId id={item.dispatchId} row />
        </td>
        <td class="reason" {...(item.reason === null ? {} : { title: item.reason })}>
          {oneLine(item.reason ?? "", REASON_LENGTH)}
        </td>
      </>
    )}
  </tr>
);

const What = ({ item }: { item: TailItem }) => {
  if (item.what === "result") return <Status name={item.status} />;
  if (item.what === "attempt") return <span>{`attempt ${item.attempt} ${item.result}`}</span>;
  return <span class="dim">{eventWords(item)}</span>;
};

function eventWords({ routed, refused, dispatches: made }: TailItem & { what: "event" }): string {
  if (!routed) return "event, not routed yet";
  if (refused) return "event, refused";
  return made === 0 ? "event, no route matched" : `event, ${dispatches(made)}`;
}
