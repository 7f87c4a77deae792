import type { RelatedEvent } from "../../../../schema/contract/operator.ts";
import { EventId } from "../../components/Id.tsx";
import { Panel } from "../../components/Panels.tsx";
import { Time } from "../../components/Time.tsx";

interface RelatedEventsProps {
  title: string;
  id: string;
  events: readonly RelatedEvent[];
  now: Date;
}

/** Events of one chain, one per row. Nothing if there are none. */
export const RelatedEvents = ({ title, id, events, now }: RelatedEventsProps) =>
  events.length === 0 ? null : (
    <Panel title={title} id={id}>
      <table class="rows">
        <caption class="hidden">{title}</caption>
        <thead>
          <tr>
            <th>Event</th>
            <th class="num">Hops</th>
            <th>Emitted</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr>
              <td>
                <EventId id={event.id} />
              </td>
              <td class="num" data-label="hops">
                {event.hops}
              </td>
              <td class="when">
                <Time at={event.createdAt} now={now} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
