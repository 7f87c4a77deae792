import {
  DISPATCH_STATUSES,
  type DispatchStatus,
  isUnhappy,
  STATUSES,
  UNHAPPY_STATUSES,
} from "../../../schema/vocabulary/statuses.ts";
import { count } from "../format/amounts.ts";
import { Icon, type IconName } from "./Icon.tsx";

const FACTS: Readonly<Record<DispatchStatus, { icon: IconName }>> = STATUSES;

/** The shapes of statuses and other states. */
const ICONS: Readonly<Record<string, IconName>> = {
  ...Object.fromEntries(DISPATCH_STATUSES.map((status) => [status, FACTS[status].icon])),
  paused: "paused",
  degraded: "pulse",
  plain: "dash",
  running: "clock",
  finished: "dot",
  overdue: "hourglass",
};

/** A status as text, shape and colour. */
export const Status = ({ name, text = name }: { name: string; text?: string }) => (
  <span class={`status s-${name}`}>
    <Icon name={ICONS[name] ?? "dash"} />
    {text}
  </span>
);

/** The order of statuses: those that need attention come first, the worst at the beginning. */
const ORDER: readonly DispatchStatus[] = [
  ...[...UNHAPPY_STATUSES].reverse(),
  ...DISPATCH_STATUSES.filter((status) => !isUnhappy(status)),
];

/** The number of dispatches in each status. Those that need attention come first. */
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
