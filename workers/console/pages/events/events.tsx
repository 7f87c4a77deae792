import type { ListedEvent } from "../../../../schema/contract/operator.ts";
import { EventFilters } from "../../components/Filters.tsx";
import { EventId } from "../../components/Id.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Pager } from "../../components/Pager.tsx";
import { Empty, ErrorBox, Heading } from "../../components/Panels.tsx";
import { StatusCounts } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import type { ConsoleApp } from "../../env.ts";
import { attempt } from "../../errors/call-error.ts";
import { bytes } from "../../format/text.ts";
import { eventFilter, isEmpty, pageOptions, readSearch, type Search, searchQuery } from "../../forms/filters.ts";

/** Rows of a page. */
const ROWS = 50;

/** `/events`: find them; what is found can be replayed together. */
export function addEvents(app: ConsoleApp): void {
  app.get("/events", async (c) => {
    const now = new Date();
    const url = new URL(c.req.url);
    const search = readSearch(url.searchParams);
    const page = await attempt(c.var.operator.listEvents(eventFilter(search, now), pageOptions(search, ROWS)));
    return c.html(
      <Layout c={c} title="Events" section="events" live={5}>
        <Heading title="Events">
          <a class="button" href={`/events/replay${searchQuery(search, { order: "" })}`}>
            Replay all found…
          </a>
          <a class="button" href="/events/kinds">
            Kinds
          </a>
          <a class="button primary" href="/emit">
            Emit an event
          </a>
        </Heading>
        <EventFilters search={search} />
        {page.error ? (
          <ErrorBox error={page.error} again={`${url.pathname}${url.search}`} />
        ) : page.value.items.length === 0 && page.value.cursor === undefined ? (
          <NothingFound search={search} />
        ) : (
          <>
            <form id="chosen" class="chosen" action="/events/replay">
              Chosen:
              <button type="submit" class="button">
                Replay…
              </button>
            </form>
            <EventTable events={page.value.items} now={now} />
            {page.value.items.length === 0 ? (
              <p class="dim">Nothing so far; a call reads a bounded number of payloads.</p>
            ) : undefined}
            <Pager path="/events" search={search} page={page.value} />
          </>
        )}
      </Layout>,
      page.error?.status ?? 200,
    );
  });
}

const EventTable = ({ events, now }: { events: readonly ListedEvent[]; now: Date }) => (
  <table class="rows events">
    <caption class="hidden">Events found</caption>
    <thead>
      <tr>
        <th class="choose">
          <input type="checkbox" class="js" data-all="chosen" aria-label="Choose all of this page" />
        </th>
        <th>Event</th>
        <th>Emitted</th>
        <th>Dispatches</th>
        <th>Idempotency key</th>
        <th class="num">Payload</th>
      </tr>
    </thead>
    <tbody>
      {events.map((event) => (
        <tr id={`e-${event.id}`}>
          <td class="choose">
            <input type="checkbox" name="ids" value={event.id} form="chosen" aria-label={`Choose ${event.id}`} />
          </td>
          <td>
            <EventId id={event.id} row />
            {event.own ? <span class="tag">the hub's own</span> : undefined}
            {event.invalid === null ? undefined : (
              <span class="tag warn" title={event.invalid.faults.join("\n")}>
                {event.invalid.refused ? "refused" : "not as defined"}
              </span>
            )}
          </td>
          <td class="when">
            <Time at={event.createdAt} now={now} />
          </td>
          <td>{event.routed ? <StatusCounts statuses={event.statuses} /> : <span class="dim">not routed yet</span>}</td>
          <td class="key" {...(event.idempotencyKey === null ? {} : { title: event.idempotencyKey })}>
            <code>{event.idempotencyKey ?? ""}</code>
          </td>
          <td class="num" data-label="payload">
            {bytes(event.payloadBytes)}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

const NothingFound = ({ search }: { search: Search }) =>
  isEmpty(search) ? (
    <Empty title="Nothing has been emitted yet">
      <p>
        Bind the hub to a producer Worker and call <code>emit()</code>, or <a href="/emit">emit an event here</a>.
      </p>
    </Empty>
  ) : (
    <Empty title="No event fits all of this">
      <p>
        Take a part of the filter away, choose a longer period, or <a href="/events">start anew</a>.
      </p>
    </Empty>
  );
