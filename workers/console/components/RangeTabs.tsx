import type { ChartRange } from "../format/buckets.ts";
import { type Search, searchQuery } from "../forms/filters.ts";
import { PERIODS } from "../forms/periods.ts";
import { Tabs } from "./Fields.tsx";
import { Time } from "./Time.tsx";

interface RangeTabsProps {
  path: string;
  range: ChartRange;
  now: Date;
  /** The rest of the URL. */
  more?: Partial<Search>;
}

/** Tabs with the periods. If a part of a chart was marked, they name its time range, with a link back. */
export const RangeTabs = ({ path, range, now, more }: RangeTabsProps) => {
  const { since, until, search } = range;
  const period = "period" in search ? search.period : "";
  return (
    <>
      {until === undefined ? undefined : (
        <span class="marked num">
          <Time at={since} now={now} clock /> to <Time at={until} now={now} clock />
        </span>
      )}
      <PeriodTabs path={path} period={period} {...(more && { more })} />
    </>
  );
};

interface PeriodTabsProps {
  path: string;
  /** The current period; `""` if it is none of them. */
  period: string;
  /** The rest of the URL. */
  more?: Partial<Search>;
}

/** Tabs with the periods. */
export const PeriodTabs = ({ path, period, more = {} }: PeriodTabsProps) => (
  <Tabs
    label="Period"
    tabs={Object.keys(PERIODS).map((one) => ({
      text: one,
      href: `${path}${searchQuery({ ...more, period: one })}`,
      current: one === period,
    }))}
  />
);
