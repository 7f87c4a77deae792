import type { FailureGroup, IncidentNote } from "../../../schema/contract/problems.ts";
import { MAX_NOTE_LENGTH } from "../../../schema/vocabulary/operator-limits.ts";
import { count, dispatches, many, oneLine } from "../format/amounts.ts";
import { searchQuery } from "../forms/filters.ts";
import { AlertRow } from "./AlertRow.tsx";
import { failureSearch } from "./alert-search.ts";
import { Sparkline } from "./Sparkline.tsx";
import { Time } from "./Time.tsx";

/** An incident: how many dispatches failed where and why, whether it still goes on, the notes of others, and a link to retry. */
export const IncidentRow = ({ group, tone, now }: { group: FailureGroup; tone: string; now: Date }) => {
  const query = searchQuery(failureSearch(group));
  return (
    <AlertRow
      id={`c-${group.key}-${group.first.getTime()}`}
      tone={tone}
      mark={group.status}
      title={
        <>
          {dispatches(group.dispatches)} to <b>{group.destination}</b>
          <Sparkline counts={group.overTime} />
        </>
      }
      when={
        <>
          <IncidentState group={group} now={now} />, first <Time at={group.first} now={now} />
        </>
      }
      text={
        <>
          {oneLine(group.reason ?? "no reason given", 200)}
          {group.reasons > 1 ? <span class="dim"> and {count(group.reasons - 1)} like it</span> : undefined}
          <Notes group={group} now={now} />
        </>
      }
    >
      <a class="button" href={group.dispatches === 1 ? `/dispatches/${group.example}` : `/dispatches${query}`}>
        {group.dispatches === 1 ? "Open it" : "List them"}
      </a>
      <a class="button" href={`/dispatches/retry${query}`}>
        Retry…
      </a>
    </AlertRow>
  );
};

/** `still failing`, `stopped at 02:40`, or the time of the last failure if the state cannot be known. */
export const IncidentState = ({ group: { state, last }, now }: { group: FailureGroup; now: Date }) => {
  switch (state) {
    case "failing":
      return <b class="bad">still failing</b>;
    case "stopped":
      return (
        <>
          stopped at <Time at={last} now={now} clock />
        </>
      );
    case "quiet":
      return (
        <>
          last at <Time at={last} now={now} clock />, nothing delivered since
        </>
      );
  }
};

const Note = ({ note, now }: { note: IncidentNote; now: Date }) => (
  <q class="note">
    {note.text}{" "}
    <span class="dim">
      {note.actor}, <Time at={note.at} now={now} />
    </span>
  </q>
);

/** The notes of operators about this cause, newest first, and the form for another one. */
const Notes = ({ group, now }: { group: FailureGroup; now: Date }) => {
  const { notes, example, destination } = group;
  return (
    <>
      {notes.slice(0, 1).map((note) => (
        <Note note={note} now={now} />
      ))}
      <details class="fold notes">
        <summary>{notes.length > 1 ? `${many(notes.length - 1, "more note")}, and write one` : "Write a note"}</summary>
        {notes.slice(1).map((note) => (
          <Note note={note} now={now} />
        ))}
        <form method="post" action="/incidents/note" class="note-form">
          <input type="hidden" name="dispatch" value={example} />
          <label class="field">
            <span>For the next on call: shown while {destination} fails this way, now and later</span>
            <textarea name="note" rows={2} maxlength={MAX_NOTE_LENGTH} required />
          </label>
          <button type="submit" class="button">
            Save the note
          </button>
        </form>
      </details>
    </>
  );
};
