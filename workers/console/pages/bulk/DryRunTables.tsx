import type { DispatchesDryRun, ReplayDryRun } from "../../../../schema/contract/operator.ts";
import { DEFAULT_BULK_ITEMS } from "../../../../schema/vocabulary/defaults.ts";
import { Status } from "../../components/Status.tsx";
import { count, dispatches, many } from "../../format/text.ts";

/** How many of which, before anything is done. */
export const DryRun = ({ run }: { run: DispatchesDryRun }) => (
  <>
    <table class="rows compact">
      <caption>
        {run.exact ? "" : "At least "}
        {dispatches(run.dispatches)}
      </caption>
      <thead>
        <tr>
          <th>Destination</th>
          <th>Status</th>
          <th class="num">Dispatches</th>
        </tr>
      </thead>
      <tbody>
        {run.groups.map((group) => (
          <tr>
            <td>{group.destination}</td>
            <td>
              <Status name={group.status} />
            </td>
            <td class="num">{count(group.dispatches)}</td>
          </tr>
        ))}
      </tbody>
    </table>
    <OrderLost outOfOrder={run.outOfOrder ?? 0} />
  </>
);

/** Of a retry or a replay: what comes after what it should have come before. */
const OrderLost = ({ outOfOrder }: { outOfOrder: number }) =>
  outOfOrder === 0 ? undefined : (
    <p class="advice s-paused">
      The order is lost for {dispatches(outOfOrder)}: they are called after what has followed them in their keys.
    </p>
  );

/** What to do where there is more than was counted. */
export const CountAll = ({ here, all }: { here: string; all: boolean }) => (
  <p class="dim">
    {all ? "There is more than could be counted" : "These are the oldest; there are more"}, and one operation takes the
    oldest {count(DEFAULT_BULK_ITEMS)} at most.{" "}
    {all ? undefined : <a href={`${here}${here.includes("?") ? "&" : "?"}count=all`}>Count on</a>}
  </p>
);

/** What either routing would create. */
export const ReplayRun = ({ run, routing }: { run: ReplayDryRun; routing: string }) => (
  <>
    <table class="rows compact">
      <caption>
        {run.exact ? "" : "At least "}
        {dispatches(run.dispatches)} of {many(run.events, "event")}
        {run.skipped === 0 ? "" : `; ${count(run.skipped)} without a payload are left out`}
      </caption>
      <thead>
        <tr>
          <th>Destination</th>
          <th class="num">{routing === "same" ? "✓ " : ""}Same routing</th>
          <th class="num">{routing === "current" ? "✓ " : ""}Current routing</th>
        </tr>
      </thead>
      <tbody>
        {run.destinations.map((one) => (
          <tr>
            <td>{one.destination}</td>
            <td class={routing === "same" ? "num strong" : "num dim"}>{count(one.same)}</td>
            <td class={routing === "current" ? "num strong" : "num dim"}>{count(one.current)}</td>
          </tr>
        ))}
      </tbody>
    </table>
    <OrderLost outOfOrder={run.outOfOrder} />
    {run.differing === 0 ? (
      <p class="dim">The two routings agree.</p>
    ) : (
      <details class="fold">
        <summary>The two routings differ for {many(run.differing, "event")}</summary>
        <ul class="differ">
          {run.examples.map((example) => (
            <li>
              <a href={`/events/${example.eventId}`}>
                <code>{example.eventId}</code>
              </a>
              : {example.same.join(", ") || "nothing"} before, {example.current.join(", ") || "nothing"} now
            </li>
          ))}
        </ul>
      </details>
    )}
  </>
);
