import type { Child } from "hono/jsx";
import type { DispatchesDryRun, ReplayDryRun } from "../../../../schema/contract/operator.ts";
import { DEFAULT_BULK_ITEMS } from "../../../../schema/vocabulary/defaults.ts";
import { Status } from "../../components/Status.tsx";
import { count, dispatches, many } from "../../format/text.ts";
import { PERIOD_WORDS, type Search, searchQuery } from "../../forms/filters.ts";

interface HiddenSearchProps {
  search: Search;
  /** The moment of the preview: what came later is not touched. */
  asOf: Date;
  /** Made with the form, so that sending it twice does it once. */
  operationId: string;
  /** How much the preview found, for the progress. */
  expected: number;
}

/** What was searched for, as fields that go with the form. */
export const HiddenSearch = ({ search, asOf, operationId, expected }: HiddenSearchProps) => (
  <>
    {[...new URLSearchParams(searchQuery(search))].map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    <input type="hidden" name="asOf" value={asOf.toISOString()} />
    <input type="hidden" name="operationId" value={operationId} />
    <input type="hidden" name="expected" value={String(expected)} />
  </>
);

/** What was searched for, in words. */
export const SearchWords = ({ search }: { search: Search }) => {
  const { period, of: about, retried, order: _, ...rest } = search;
  const ended = about === "finished" ? "ended" : "created";
  const words = [
    ...new URLSearchParams(searchQuery(rest)),
    ...(PERIOD_WORDS[period] === undefined ? [] : [[`${ended} in the last`, PERIOD_WORDS[period]] as const]),
    ...(ended === "ended" && (search.from !== "" || search.to !== "")
      ? [["from and to are of", "its end"] as const]
      : []),
    ...(retried === "" ? [] : [["retried by hand", retried] as const]),
  ];
  if (words.length === 0) return <p class="advice s-misconfigured">There is no filter: this takes everything.</p>;
  return (
    <p class="words">
      {words.map(([name, value]) => (
        <span class="tag">
          <span class="dim">{name}</span> {value.length > 80 ? `${value.slice(0, 80)}…` : value}
        </span>
      ))}
    </p>
  );
};

/** How many of which, before anything is done. */
export const DryRun = ({ run }: { run: DispatchesDryRun }) => (
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

/** At which rate what bulk work makes becomes due. */
export const Rate = ({ value }: { value: string }) => (
  <label class="field">
    <span>New dispatches due a second</span>
    <input type="text" inputmode="numeric" name="perSecond" value={value} />
  </label>
);

/** The last word before bulk work: what it will do, and the way back. */
export const Confirm = ({
  children,
  back,
  danger,
  text,
}: {
  children?: Child;
  back: string;
  danger?: boolean;
  text: string;
}) => (
  <div class="confirm">
    {children}
    <span class="submit">
      <button type="submit" class={danger ? "button danger" : "button primary"}>
        {text}
      </button>
      <a class="button quiet" href={back}>
        Back, do nothing
      </a>
    </span>
  </div>
);
