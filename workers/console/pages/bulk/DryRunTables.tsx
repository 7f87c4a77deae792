import type { DispatchesDryRun, ReplayDryRun } from "../../../../schema/contract/operations.ts";
import { DEFAULT_BULK_ITEMS } from "../../../../schema/vocabulary/defaults.ts";
import { Status } from "../../components/Status.tsx";
import { count, dispatches, many } from "../../format/amounts.ts";

/** The number of dispatches by destination and status, before anything is done. */
export const DryRun = ({ run }: { run: DispatchesDryRun }) => (
  <>
    <table class="rows compact">
      <caption>
        {run.exact ? "" : "More than "}
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
            <td class="name" title={group.destination}>
              {group.destination}
            </td>
            <td>
              <Status name={group.status} />
            </td>
            <td class="num">{count(group.dispatches)}</td>
          </tr>
        ))}
      </tbody>
    </table>
    {(run.skipped ?? 0) === 0 ? undefined : (
      <p class="dim">
        {dispatches(run.skipped ?? 0)} more match but are left out, because retention has removed their payload.
      </p>
    )}
    <OrderLost outOfOrder={run.outOfOrder ?? 0} />
  </>
);

/** Warns of a retry or a replay that breaks an order: dispatches come after others that they should precede. */
const OrderLost = ({ outOfOrder }: { outOfOrder: number }) =>
  outOfOrder === 0 ? undefined : (
    <p class="advice s-paused">
      The order is lost for {dispatches(outOfOrder)}: they are called after later dispatches of their keys.
    </p>
  );

/** Tells if the numbers are not exact, and why. */
export const Bounds = ({ run: { exact, limited } }: { run: Pick<DispatchesDryRun, "exact" | "limited"> }) => {
  if (!exact)
    return (
      <p class="advice s-paused">
        There are more than could be counted in five seconds: this takes all that match, the oldest{" "}
        {count(DEFAULT_BULK_ITEMS)} at most. It can be stopped at any time.
      </p>
    );
  if (!limited) return undefined;
  return (
    <p class="dim">
      One operation takes the oldest {count(DEFAULT_BULK_ITEMS)} at most; newer ones are left for another operation.
    </p>
  );
};

/** The dispatches that each of the two routings would create. */
export const ReplayRun = ({ run, routing }: { run: ReplayDryRun; routing: string }) => (
  <>
    <table class="rows compact">
      <caption>
        {run.exact ? "" : "More than "}
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
            <td class="name" title={one.destination}>
              {one.destination}
            </td>
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
