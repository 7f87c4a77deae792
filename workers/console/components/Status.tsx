import {
  DISPATCH_STATUSES,
  type DispatchStatus,
  isUnhappy,
  UNHAPPY_STATUSES,
} from "../../../schema/vocabulary/statuses.ts";
import { count } from "../format/text.ts";

/** A shape for each status, so that colour is not all that tells them apart. */
const STATUS_SHAPES: Readonly<Record<DispatchStatus, string>> = {
  ongoing: "M8 2a6 6 0 1 0 6 6M8 4.5V8l2.5 1.5",
  complete: "M3 8.5 6.5 12 13 4.5",
  ignored: "M3 8h10",
  failed: "M4 4l8 8M12 4l-8 8",
  misconfigured: "M8 2.5 14 13H2zM8 6.5v3M8 11v.5",
  lost: "M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.6 8 9 8 10M8 12.5v.5",
  cancelled: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM4 4l8 8",
};

/** Shapes of everything, other states included. */
const SHAPES: Readonly<Record<string, string>> = {
  ...STATUS_SHAPES,
  paused: "M5.5 3.5v9M10.5 3.5v9",
  running: "M8 2a6 6 0 1 0 6 6M8 4.5V8l2.5 1.5",
  finished: "M3 8.5 6.5 12 13 4.5",
  overdue: "M4 2.5h8M4 13.5h8M5 2.5c0 3 6 8 6 11M11 2.5c0 3-6 8-6 11",
};

const Shape = ({ name }: { name: string }) => (
  <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
    <path d={SHAPES[name] ?? STATUS_SHAPES.ignored} />
  </svg>
);

/** A status in text, shape and colour. */
export const Status = ({ name, text = name }: { name: string; text?: string }) => (
  <span class={`status s-${name}`}>
    <Shape name={name} />
    {text}
  </span>
);

/** What needs attention first, of that what is worst first. */
const ORDER: readonly DispatchStatus[] = [
  ...[...UNHAPPY_STATUSES].reverse(),
  ...DISPATCH_STATUSES.filter((status) => !isUnhappy(status)),
];

/** How many dispatches have each status; what needs attention first. */
export const StatusCounts = ({ statuses }: { statuses: Partial<Record<DispatchStatus, number>> }) => {
  const some = ORDER.filter((status) => (statuses[status] ?? 0) > 0);
  if (some.length === 0) return <span class="dim">no route matched</span>;
  return (
    <span class="statuses">
      {some.map((status) => (
        <Status name={status} text={`${count(statuses[status] ?? 0)} ${status}`} />
      ))}
    </span>
  );
};
