import type { RetryingGroup } from "../../../schema/contract/problems.ts";
import { count, dispatches, oneLine } from "../format/amounts.ts";
import { searchQuery } from "../forms/filters.ts";
import { AlertRow } from "./AlertRow.tsx";
import { retryingSearch } from "./alert-search.ts";
import { Time } from "./Time.tsx";

interface RetryingProps {
  group: RetryingGroup;
  now: Date;
}

/** Failures that are being retried: how many, where and why, since when, and the time of the next attempt. */
export const RetryingRow = ({ group, tone, now }: RetryingProps & { tone: string }) => (
  <AlertRow
    id={`c-retrying-${group.example}`}
    tone={tone}
    mark="degraded"
    status="retrying"
    title={
      <>
        {howMany(group)} to <b>{group.destination}</b>
      </>
    }
    when={<RetryingTimes group={group} now={now} />}
    text={
      <>
        {oneLine(group.reason === "" ? "no reason given" : group.reason, 200)}
        {group.reasons > 1 ? <span class="dim"> and {count(group.reasons - 1)} like it</span> : undefined}
      </>
    }
  >
    <a
      class="button"
      href={
        group.dispatches === 1 ? `/dispatches/${group.example}` : `/dispatches${searchQuery(retryingSearch(group))}`
      }
    >
      {group.dispatches === 1 ? "Open it" : "List them"}
    </a>
  </AlertRow>
);

/** `214 dispatches`, `at least 5,000 dispatches`. */
export const howMany = ({ dispatches: n, exact }: RetryingGroup): string =>
  exact ? dispatches(n) : `at least ${dispatches(n)}`;

/** `since 02:10, next attempt in 40 s`. If not all were looked at, others may have failed for longer. */
export const RetryingTimes = ({ group: { since, exact, nextAttemptAt }, now }: RetryingProps) => (
  <>
    {since === null ? undefined : (
      <>
        since <Time at={since} now={now} clock />
        {exact ? undefined : " or earlier"},{" "}
      </>
    )}
    {nextAttemptAt === null ? (
      "next attempt due now"
    ) : (
      <>
        next attempt <Time at={nextAttemptAt} now={now} />
      </>
    )}
  </>
);
