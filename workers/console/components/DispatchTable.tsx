import type { DispatchSummary } from "../../../schema/contract/operator.ts";
import { oneLine } from "../format/text.ts";
import { DispatchId, EventId } from "./Id.tsx";
import { Status } from "./Status.tsx";
import { Time } from "./Time.tsx";

interface DispatchTableProps {
  dispatches: readonly DispatchSummary[];
  now: Date;
  /** Rows can be chosen for the form with this id. */
  choose?: string;
  /** Left out where all are of one event. */
  withEvent?: boolean;
  caption: string;
}

/** Dispatches, one a row; narrow screens show each as a card. */
export const DispatchTable = ({ dispatches, now, choose, withEvent = true, caption }: DispatchTableProps) => (
  <table class="rows">
    <caption class="hidden">{caption}</caption>
    <thead>
      <tr>
        {choose === undefined ? undefined : (
          <th class="choose">
            <input type="checkbox" class="js" data-all={choose} aria-label="Choose all of this page" />
          </th>
        )}
        <th>Status</th>
        <th>Dispatch</th>
        <th>Destination</th>
        <th>Route</th>
        <th class="num">Attempts</th>
        {withEvent ? <th>Event</th> : undefined}
        <th>Created</th>
        <th>Reason</th>
      </tr>
    </thead>
    <tbody>
      {dispatches.map((dispatch) => (
        <tr id={`d-${dispatch.id}`}>
          {choose === undefined ? undefined : (
            <td class="choose">
              <input
                type="checkbox"
                name="ids"
                value={dispatch.id}
                form={choose}
                aria-label={`Choose ${dispatch.id}`}
              />
            </td>
          )}
          <td>
            <Status name={dispatch.status} />
          </td>
          <td>
            <DispatchId id={dispatch.id} row />
          </td>
          <td>
            <a href={`/destinations/${encodeURIComponent(dispatch.destination)}`}>{dispatch.destination}</a>
          </td>
          <td class="route">{dispatch.route}</td>
          <td class="num" data-label="attempts">
            {dispatch.attempts}
            <span class="dim">/{dispatch.maxRetries + 1}</span>
          </td>
          {withEvent ? (
            <td data-label="event">
              <EventId id={dispatch.eventId} />
            </td>
          ) : undefined}
          <td class="when">
            <Time at={dispatch.createdAt} now={now} />
          </td>
          <td class="reason" {...(dispatch.reason === null ? {} : { title: dispatch.reason.slice(0, 1_000) })}>
            {oneLine(dispatch.reason ?? "", 160)}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);
