import {
  DISPATCH_STATUSES,
  type DispatchStatus,
  isUnhappy,
  UNHAPPY_STATUSES,
} from "../../../schema/vocabulary/statuses.ts";
import { count } from "../format/text.ts";
import { Icon, type IconName } from "./Icon.tsx";

/** A shape for each status, so that statuses do not differ in colour only. */
const STATUS_ICONS: Readonly<Record<DispatchStatus, IconName>> = {
  ongoing: "clock",
  complete: "dot",
  ignored: "dash",
  failed: "failed",
  misconfigured: "alert",
  lost: "question",
  cancelled: "slash",
};

/** The shapes of statuses and other states. */
const ICONS: Readonly<Record<string, IconName>> = {
  ...STATUS_ICONS,
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
