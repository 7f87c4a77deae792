import type { EventDetail } from "../../../schema/contract/operator.ts";
import { bytes } from "../format/text.ts";
import { Json } from "./Json.tsx";
import { Panel } from "./Panels.tsx";

/** An event's payload, folded, with all of it to copy and to download. */
export const PayloadPanel = ({ event, open }: { event: EventDetail; open: boolean }) => {
  const raw = `/events/${event.id}/payload`;
  return (
    <Panel
      title="Payload"
      id="payload"
      aside={
        event.payload === null ? undefined : (
          <>
            <span class="dim num">{bytes(event.payloadBytes)}</span>
            <button type="button" class="button js" data-copy-url={raw}>
              Copy
            </button>
            <a class="button" href={raw} download={`event-${event.id}.json.txt`}>
              Raw
            </a>
          </>
        )
      }
    >
      {event.payload === null ? (
        <p class="dim">Removed by retention; the event's ids, its dispatches and their executions are kept.</p>
      ) : open ? (
        <Json value={event.payload} raw={raw} />
      ) : (
        <details class="fold">
          <summary>Show the payload</summary>
          <Json value={event.payload} raw={raw} />
        </details>
      )}
    </Panel>
  );
};
