import { exact, relative } from "../format/time.ts";

interface TimeProps {
  at: Date;
  now: Date;
  /** Whether to show only the time of day, to the minute, for sentences with "since". */
  clock?: boolean;
}

/** A moment relative to now, with the exact one as a tooltip. assets/console.browser.js keeps it up to date. */
export const Time = ({ at, now, clock }: TimeProps) => (
  <time datetime={at.toISOString()} title={exact(at)} data-format={clock ? "clock" : "relative"}>
    {clock ? clockTime(at, now) : relative(at, now)}
  </time>
);

/** `14:02`, with the day if it is not today. UTC, until the script changes it to the reader's own zone. */
function clockTime(at: Date, now: Date): string {
  const [day, time] = [at.toISOString().slice(0, 10), at.toISOString().slice(11, 16)];
  return day === now.toISOString().slice(0, 10) ? `${time} UTC` : `${day} ${time} UTC`;
}

/** The time since which something is known to be so. It may have begun earlier. */
export const SinceAtLeast = (time: TimeProps) => (
  <>
    since <Time {...time} /> at least
  </>
);

/** A moment to the millisecond, with the name of its zone. UTC, until the script changes it to the reader's own. */
export const Exact = ({ at }: { at: Date }) => (
  <time datetime={at.toISOString()} title={exact(at)} data-format="exact">
    {exact(at)}
  </time>
);

/** A moment to the minute, in a column whose head names the zone ({@link ZoneName}). */
export const Minute = ({ at }: { at: Date }) => (
  <time datetime={at.toISOString()} title={exact(at)} data-format="minute">
    {at.toISOString().slice(0, 16).replace("T", " ")}
  </time>
);

/** The zone of the page's times. UTC, until the script writes the reader's own. */
export const ZoneName = () => <span data-zone="">UTC</span>;

/** A moment to the millisecond, with the relative one beside it. */
export const Moment = ({ at, now }: TimeProps) => (
  <span class="moment">
    <Exact at={at} />{" "}
    <span class="dim">
      (<Time at={at} now={now} />)
    </span>
  </span>
);
