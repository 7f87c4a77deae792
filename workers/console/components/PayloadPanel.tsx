import type { EventDetail } from "../../../schema/contract/operator.ts";
import { bytes } from "../format/amounts.ts";
import { COPIES } from "../format/payload-copies.ts";
import { Json } from "./Json.tsx";
import { Panel } from "./Panels.tsx";

/** An event's payload, folded, with links to copy and to download all of it. */
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
            <a class="button" href={`/emit?event=${event.id}`}>
              Edit and resend
            </a>
            <button type="button" class="button js" data-copy-url={raw}>
              Copy
            </button>
            <details class="menu js">
              <summary class="button">Copy as…</summary>
              <div class="menu-body">
                {Object.entries(COPIES).map(([format, { label }]) => (
                  <button type="button" class="button" data-copy-url={`/events/${event.id}/as/${format}`}>
                    {label}
                  </button>
                ))}
              </div>
            </details>
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
