import type { AboutEvent } from "../../../../schema/contract/find.ts";
import type { InvalidEvent } from "../../../../schema/contract/invalid.ts";
import { type EventDetail, MAX_SHOWN_CAUSED } from "../../../../schema/contract/operator.ts";
import { MAX_HOPS } from "../../../../schema/vocabulary/limits.ts";
import { ValueTag } from "../../components/About.tsx";
import { DispatchTable } from "../../components/DispatchTable.tsx";
import { EventId, Id } from "../../components/Id.tsx";
import { Layout } from "../../components/Layout.tsx";
import { Empty, Facts, Heading, Panel } from "../../components/Panels.tsx";
import { PayloadPanel } from "../../components/PayloadPanel.tsx";
import { Moment, Time } from "../../components/Time.tsx";
import type { ConsoleApp } from "../../env.ts";
import { bytes, dispatches } from "../../format/amounts.ts";
import { REFRESH_SECONDS } from "../../format/refresh-seconds.ts";
import { aboutEvent } from "./about-event.ts";
import { RelatedEvents } from "./RelatedEvents.tsx";

/** `/events/:id`: an event, its payload and its dispatches. */
export function addEvent(app: ConsoleApp): void {
  app.get("/events/:id", async (c) => {
    const now = new Date();
    const id = c.req.param("id");
    const [event, about] = await Promise.all([c.var.operator.getEvent(id), aboutEvent(c, id)]);
    const kind = about?.kind ?? undefined;
    const ongoing = event.dispatches.some(({ status }) => status === "ongoing");
    return c.html(
      <Layout
        c={c}
        title={kind ?? "Event"}
        section="events"
        live={ongoing ? REFRESH_SECONDS.ongoing : REFRESH_SECONDS.final}
      >
        <Heading
          title={<EventTitle kind={kind} values={about?.values ?? []} />}
          eyebrow={
            <>
              {kind === undefined ? "" : "Event, "}emitted <Time at={event.createdAt} now={now} />
            </>
          }
        >
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
}

/** The event's kind, and the values by which people know it. */
const EventTitle = ({ kind, values }: { kind: string | undefined; values: AboutEvent["values"] }) => (
  <>
    {kind ?? "Event"}
    {values.map(({ path, value }) => (
      <ValueTag path={path} value={value} />
    ))}
  </>
);

function noDispatches({ routed, invalid }: EventDetail): string {
  if (!routed) return "It has not been routed yet";
  return invalid?.refused ? "It is refused, and goes nowhere" : "No route matched it";
}

const InvalidPanel = ({ invalid: { refused, faults } }: { invalid: InvalidEvent }) => (
  <Panel title="It does not match the definition of its kind" id="invalid">
    <p>
      {refused
        ? "It was emitted in SQL and makes no dispatches. Once the definition is corrected, a replay by the current routes delivers it."
        : "It was delivered all the same: the definition only warns."}
    </p>
    <ul class="differ">
      {faults.map((fault) => (
        <li>
          <code>{fault}</code>
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
    ["Idempotency key", event.idempotencyKey === null ? undefined : <code>{event.idempotencyKey}</code>],
    ["Payload", bytes(event.payloadBytes)],
    [
      "Trace",
      event.traceId === null ? undefined : <Id id={event.traceId} href={`/events?trace=${event.traceId}`} full />,
    ],
    ["Caused by", event.causedBy === null ? undefined : <EventId id={event.causedBy} />],
    ["Hops", event.hops === 0 ? undefined : `${event.hops} of at most ${MAX_HOPS}`],
    ["By", event.own ? "the hub itself" : undefined],
  ] as const;
  return facts.filter(([, value]) => value !== undefined);
}
