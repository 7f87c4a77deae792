import { exact, relative } from "../format/time.ts";

interface TimeProps {
  at: Date;
  now: Date;
  /** Only the time of day, to the minute: for sentences that say "since". */
  clock?: boolean;
}

/** A moment as seen from now, with the exact one at hand; assets/console.browser.js keeps it up to date. */
export const Time = ({ at, now, clock }: TimeProps) => (
  <time datetime={at.toISOString()} title={exact(at)} data-format={clock ? "clock" : "relative"}>
    {clock ? clockTime(at, now) : relative(at, now)}
  </time>
);

/** `14:02`, with its day if it is not today's; in UTC until the script says it in the reader's own zone. */
function clockTime(at: Date, now: Date): string {
  const [day, time] = [at.toISOString().slice(0, 10), at.toISOString().slice(11, 16)];
  return day === now.toISOString().slice(0, 10) ? `${time} UTC` : `${day} ${time} UTC`;
}

/** A moment to the millisecond, with the relative one beside it. */
export const Moment = ({ at, now }: TimeProps) => (
  <span class="moment">
    <span class="num">{exact(at)}</span>{" "}
    <span class="dim">
      (<Time at={at} now={now} />)
    </span>
  </span>
);
