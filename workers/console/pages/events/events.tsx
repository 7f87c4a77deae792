import type { ListedEvent } from "../../../../schema/contract/operator.ts";
import { AboutCell } from "../../components/About.tsx";
import { ChooseCell, ChooseHead } from "../../components/Choose.tsx";
import { EventFilters } from "../../components/Filters.tsx";
import { EventId } from "../../components/Id.tsx";
import { Layout } from "../../components/Layout.tsx";
import { ListMenus } from "../../components/ListMenus.tsx";
import { Empty, ErrorBox, Heading } from "../../components/Panels.tsx";
import { FoundPager, OrAsText } from "../../components/SearchProgress.tsx";
import { StatusCounts } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import type { ConsoleApp } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { bytes } from "../../format/amounts.ts";
import { PAGE_ROWS } from "../../format/page-rows.ts";
import { pathOf } from "../../format/paths.ts";
import { listSeconds } from "../../format/refresh-seconds.ts";
import { columnsOf, wantsAbout } from "../../forms/columns.ts";
import { eventFilter, isEmpty, readSearch, type Search, searchQuery, shownPage } from "../../forms/filters.ts";

/** `/events`: a search, whose events can be replayed together. */
export function addEvents(app: ConsoleApp): void {
  app.get("/events", async (c) => {
    const now = new Date();
    const search = readSearch(new URL(c.req.url).searchParams);
    const columns = columnsOf(c, "events", search.columns);
    const options = { ...shownPage(search, PAGE_ROWS.list), about: wantsAbout(columns) };
    const page = await attempt(c.var.operator.listEvents(eventFilter(search, now), options));
    return c.html(
      <Layout c={c} title="Events" section="events" live={listSeconds(page.value, now)}>
        <Heading title="Events">
          <a class="button" href={`/events/replay${searchQuery(search, { order: "" })}`}>
            Replay all found…
          </a>
          <a class="button" href="/events/kinds">
            Kinds
          </a>
          <ListMenus list="events" search={search} columns={columns} />
          <a class="button" href="/emit">
            Emit an event
          </a>
        </Heading>
        <EventFilters search={search} />
        {page.error ? (
          <ErrorBox error={page.error} again={pathOf(c)} />
        ) : page.value.items.length === 0 && page.value.cursor === undefined ? (
          <NothingFound search={search} />
        ) : (
          <>
            <form id="chosen" class="chosen" action="/events/replay">
              Chosen:
              <button type="submit" class="button">
                Replay…
              </button>
              <button type="submit" class="button" formaction="/events/compare">
                Compare two
              </button>
            </form>
            <EventTable events={page.value.items} columns={columns} now={now} />
            <FoundPager path="/events" what="events" search={search} page={page.value} now={now} />
          </>
        )}
      </Layout>,
      page.error?.status ?? 200,
    );
  });
}

interface EventTableProps {
  events: readonly ListedEvent[];
  columns: ReadonlySet<string>;
  now: Date;
}

const EventTable = ({ events, columns, now }: EventTableProps) => {
  const show = (name: string) => columns.has(name);
  return (
    <table class="rows events">
      <caption class="hidden">Events found</caption>
      <thead>
        <tr>
          <ChooseHead form="chosen" />
          <th>Event</th>
          {wantsAbout(columns) ? <th>What</th> : undefined}
          {show("emitted") ? <th>Emitted</th> : undefined}
          {show("dispatches") ? <th>Dispatches</th> : undefined}
          {show("key") ? <th>Idempotency key</th> : undefined}
          {show("size") ? <th class="num">Payload</th> : undefined}
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr id={`e-${event.id}`}>
            <ChooseCell form="chosen" id={event.id} />
            <td class="short">
              <EventId id={event.id} row />
              {event.own ? <span class="tag">the hub's own</span> : undefined}
              {event.invalid === null ? undefined : (
                <span class="tag warn" title={event.invalid.faults.join("\n")}>
                  {event.invalid.refused ? "refused" : "not as defined"}
                </span>
              )}
            </td>
            {wantsAbout(columns) ? <AboutCell about={event.about} columns={columns} /> : undefined}
            {show("emitted") ? (
              <td class="when">
                <Time at={event.createdAt} now={now} />
              </td>
            ) : undefined}
            {show("dispatches") ? (
              <td>
                {event.routed ? <StatusCounts statuses={event.statuses} /> : <span class="dim">not routed yet</span>}
              </td>
            ) : undefined}
            {show("key") ? (
              <td class="name" {...(event.idempotencyKey === null ? {} : { title: event.idempotencyKey })}>
                <code>{event.idempotencyKey ?? ""}</code>
              </td>
            ) : undefined}
            {show("size") ? (
              <td class="num" data-label="payload">
                {bytes(event.payloadBytes)}
              </td>
            ) : undefined}
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const NothingFound = ({ search }: { search: Search }) =>
  isEmpty(search) ? (
    <Empty title="Nothing has been emitted yet">
      <p>A producer is a Worker that binds the hub and calls it; what it emits is here within a second.</p>
      <pre tabindex={0}>{'await env.EVENTHUB.emit({ kind: "order.paid", id: 17 });'}</pre>
      <p>
        <a class="button primary" href="/emit">
          Emit one here
        </a>
      </p>
    </Empty>
  ) : (
    <Empty title="No event fits all of this">
      <p>Take a filter away above, or choose a longer time.</p>
      <p>
        <a class="button" href="/events">
          Show all events
        </a>
      </p>
      <OrAsText path="/events" search={search} />
    </Empty>
  );
