import type { ListedDispatch } from "../../../schema/contract/operator.ts";
import { oneLine } from "../format/amounts.ts";
import { destinationPath } from "../format/paths.ts";
import { wantsAbout } from "../forms/columns.ts";
import { AboutCell } from "./About.tsx";
import { ChooseCell, ChooseHead } from "./Choose.tsx";
import { DispatchId, EventId } from "./Id.tsx";
import { Status } from "./Status.tsx";
import { Time } from "./Time.tsx";

interface DispatchTableProps {
  dispatches: readonly ListedDispatch[];
  now: Date;
  /** The id of the form for which rows can be chosen. */
  choose?: string;
  /** Set it to false if all belong to one event. */
  withEvent?: boolean;
  /** The columns to show. Default: all except those about the event. */
  columns?: ReadonlySet<string>;
  caption: string;
}

const USUAL: ReadonlySet<string> = new Set(["destination", "route", "attempts", "event", "created", "reason"]);

/** Dispatches, one per row. Narrow screens show each as a card. */
export const DispatchTable = ({
  dispatches,
  now,
  choose,
  withEvent = true,
  columns = USUAL,
  caption,
}: DispatchTableProps) => {
  const show = (name: string) => columns.has(name) && (name !== "event" || withEvent);
  return (
    <table class="rows">
      <caption class="hidden">{caption}</caption>
      <thead>
        <tr>
          {choose === undefined ? undefined : <ChooseHead form={choose} />}
          <th>Status</th>
          <th>Dispatch</th>
          {show("destination") ? <th>Destination</th> : undefined}
          {show("route") ? <th>Route</th> : undefined}
          {wantsAbout(columns) ? <th>What</th> : undefined}
          {show("attempts") ? <th class="num">Attempts</th> : undefined}
          {show("event") ? <th class="less">Event</th> : undefined}
          {show("created") ? <th>Created</th> : undefined}
          {show("reason") ? <th>Reason</th> : undefined}
        </tr>
      </thead>
      <tbody>
        {dispatches.map((dispatch) => (
          <tr id={`d-${dispatch.id}`}>
            {choose === undefined ? undefined : <ChooseCell form={choose} id={dispatch.id} />}
            <td>
              <Status name={dispatch.status} />
            </td>
            <td>
              <DispatchId id={dispatch.id} row />
            </td>
            {show("destination") ? (
              <td class="name" title={dispatch.destination}>
                <a href={destinationPath(dispatch.destination)}>{dispatch.destination}</a>
              </td>
            ) : undefined}
            {show("route") ? (
              <td class="route" title={dispatch.route}>
                {dispatch.route}
              </td>
            ) : undefined}
            {wantsAbout(columns) ? <AboutCell about={dispatch.about} columns={columns} /> : undefined}
            {show("attempts") ? (
              <td class="num" data-label="attempts">
                {dispatch.attempts}
                <span class="dim">/{dispatch.maxRetries + 1}</span>
              </td>
            ) : undefined}
            {show("event") ? (
              <td class="less" data-label="event">
                <EventId id={dispatch.eventId} />
              </td>
            ) : undefined}
            {show("created") ? (
              <td class="when">
                <Time at={dispatch.createdAt} now={now} />
              </td>
            ) : undefined}
            {show("reason") ? (
              <td class="reason" {...(dispatch.reason === null ? {} : { title: dispatch.reason.slice(0, 1_000) })}>
                {oneLine(dispatch.reason ?? "", 160)}
              </td>
            ) : undefined}
          </tr>
        ))}
      </tbody>
    </table>
  );
};
