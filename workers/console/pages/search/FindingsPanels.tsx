import type { Findings, SearchedPlace } from "../../../../schema/contract/find.ts";
import { DispatchId, EventId } from "../../components/Id.tsx";
import { Empty, Panel } from "../../components/Panels.tsx";
import { Time } from "../../components/Time.tsx";
import { many, oneLine } from "../../format/amounts.ts";
import { listOf, PLACE_NAMES } from "./places.ts";

/** The most characters shown of a finding. */
const MAX_SHOWN = 160;

/** The findings of a search, place by place, and the places that were searched. */
export const FindingsPanels = ({ findings: { text, places }, now }: { findings: Findings; now: Date }) => {
  const found = places.filter((place) => place.found.length > 0);
  return (
    <>
      {found.length === 0 ? (
        <Empty title={`Nothing is found for “${oneLine(text, MAX_SHOWN)}”`}>
          <p>
            It may have been removed by retention, or be of another environment; or it stands in payloads, at a path
            that has no index.
          </p>
        </Empty>
      ) : undefined}
      {found.map((place) => (
        <PlacePanel place={place} text={text} now={now} />
      ))}
      <Looked places={places} text={text} />
    </>
  );
};

const nameOf = ({ in: place, path }: SearchedPlace) => (path === null ? PLACE_NAMES[place] : path);

const PlacePanel = ({ place, text, now }: { place: SearchedPlace; text: string; now: Date }) => (
  <Panel
    title={nameOf(place)}
    id={`in-${place.in}-${encodeURIComponent(place.path ?? "")}`}
    aside={
      <a class="button" href={listOf(place, text)}>
        {place.more ? "All of them" : "As a list"}
      </a>
    }
  >
    <table class="rows">
      <caption class="hidden">Found in {nameOf(place)}</caption>
      <thead>
        <tr>
          <th>Found</th>
          <th>Value</th>
          <th>Created</th>
        </tr>
      </thead>
      <tbody>
        {place.found.map(({ kind, id, at, value }) => (
          <tr>
            <td>
              {kind} {kind === "event" ? <EventId id={id} row /> : <DispatchId id={id} row />}
            </td>
            <td class="reason" title={value.slice(0, 1_000)}>
              {oneLine(value, MAX_SHOWN)}
            </td>
            <td class="when">
              <Time at={at} now={now} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </Panel>
);

/** The places that were searched, so that nobody takes "nothing" for more than it is, and how to search elsewhere. */
const Looked = ({ places, text }: { places: readonly SearchedPlace[]; text: string }) => (
  <Panel title="Where it was looked" id="looked-at">
    <ul class="differ">
      {places.map((place) => (
        <li>
          {place.in === "payloads" ? (
            <>
              Payloads at <code>{place.path}</code>
            </>
          ) : (
            PLACE_NAMES[place.in]
          )}
          : {place.found.length === 0 ? "nothing" : many(place.found.length, "match", "matches")}
          {place.whole ? "" : ", among the newest 20,000 dispatches; "}
          {place.whole ? undefined : <a href={listOf(place, text)}>look further</a>}
        </li>
      ))}
    </ul>
    <p>
      {places.some((place) => place.in === "payloads") ? undefined : (
        <>
          No path into payloads has an index: name one in the configuration's <code>indexes</code>.{" "}
        </>
      )}
      <a href={`/events?path=${encodeURIComponent("$.id")}&equals=${encodeURIComponent(text)}`}>
        Look through payloads
      </a>{" "}
      for a value at any path.
    </p>
  </Panel>
);
