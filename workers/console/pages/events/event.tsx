import type { InvalidEvent } from "../../../../schema/contract/invalid.ts";
import { type EventDetail, MAX_SHOWN_CAUSED } from "../../../../schema/contract/operator.ts";
import { MAX_HOPS } from "../../../../schema/vocabulary/limits.ts";
import { DispatchTable } from "../../components/DispatchTable.tsx";
import { EventId, Id } from "../../components/Id.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, Facts, Heading, Panel } from "../../components/Panels.tsx";
import { PayloadPanel } from "../../components/PayloadPanel.tsx";
import { Moment } from "../../components/Time.tsx";
import type { ConsoleApp } from "../../env.ts";
import { bytes, dispatches } from "../../format/text.ts";
import { RelatedEvents } from "./RelatedEvents.tsx";

/** `/events/:id`: one event, its payload and what became of it. */
export function addEvent(app: ConsoleApp): void {
  app.get("/events/:id", async (c) => {
    const now = new Date();
    const event = await c.var.operator.getEvent(c.req.param("id"));
    const ongoing = event.dispatches.some(({ status }) => status === "ongoing");
    return c.html(
      <Layout c={c} title="Event" section="events" live={ongoing ? 2 : 10}>
        <Heading title="Event">
          <a class="button" href={`/routes?event=${event.id}`}>
            Why did it (not) go there?
          </a>
          <a class="button" href={`/events/replay?ids=${event.id}`}>
            Replay…
          </a>
        </Heading>
        <Facts facts={factsOf(event, now)} />
        {event.invalid === null ? undefined : <InvalidPanel invalid={event.invalid} />}
        <Panel title={dispatches(event.dispatches.length)} id="dispatches">
          {event.dispatches.length === 0 ? (
            <Empty title={noDispatches(event)}>
              <p>
                <a href={`/routes?event=${event.id}`}>See what each route says of it</a>
              </p>
            </Empty>
          ) : (
            <DispatchTable dispatches={event.dispatches} now={now} withEvent={false} caption="Its dispatches" />
          )}
        </Panel>
        <RelatedEvents title="What led to it" id="ancestors" events={event.ancestors} now={now} />
        <RelatedEvents title={causedTitle(event)} id="caused" events={event.caused} now={now} />
        <PayloadPanel event={event} open />
      </Layout>,
    );
  });

  app.get("/events/:id/payload", async (c) => {
    const event = await c.var.operator.getEvent(c.req.param("id"));
    if (event.payload === null) return c.text("The payload has been removed by retention.\n", 410);
    // As text and to be saved: what a payload holds is never shown as anything else.
    return c.text(`${JSON.stringify(event.payload, null, 2)}\n`, 200, {
      "Content-Disposition": `attachment; filename="event-${event.id}.json.txt"`,
    });
  });
}

function noDispatches({ routed, invalid }: EventDetail): string {
  if (!routed) return "It has not been routed yet";
  return invalid?.refused ? "It is refused, and goes nowhere" : "No route matched it";
}

const InvalidPanel = ({ invalid: { refused, faults } }: { invalid: InvalidEvent }) => (
  <Panel title="It is not as its kind is defined" id="invalid">
    <p>
      {refused
        ? "It came in SQL and makes no dispatches. Once the definition is mended, a replay by the current routes delivers it."
        : "It was delivered all the same: the definition only warns."}
    </p>
    <ul class="differ">
      {faults.map((fault) => (
        <li>
          <code class="wrap">{fault}</code>
        </li>
      ))}
    </ul>
  </Panel>
);

const causedTitle = ({ caused }: EventDetail) =>
  caused.length < MAX_SHOWN_CAUSED ? "What it caused" : `The first ${MAX_SHOWN_CAUSED} events that it caused`;

function factsOf(event: EventDetail, now: Date) {
  const facts = [
    ["Event", <Id id={event.id} full />],
    ["Emitted", <Moment at={event.createdAt} now={now} />],
    ["Idempotency key", event.idempotencyKey === null ? undefined : <code class="wrap">{event.idempotencyKey}</code>],
    ["Payload", bytes(event.payloadBytes)],
    ["Trace", event.traceparent === null ? undefined : <code class="wrap">{event.traceparent}</code>],
    ["Caused by", event.causedBy === null ? undefined : <EventId id={event.causedBy} />],
    ["Hops", event.hops === 0 ? undefined : `${event.hops} of at most ${MAX_HOPS}`],
    ["By", event.own ? "the hub itself" : undefined],
  ] as const;
  return facts.filter(([, value]) => value !== undefined);
}
