import { FILTERS } from "../../../schema/vocabulary/filters.ts";
import type { Search } from "../forms/filters.ts";
import { PERIOD_WORDS } from "../forms/periods.ts";
import { rangeWords } from "../forms/search-words.ts";
import { Choice, Field } from "./Fields.tsx";
import { Icon } from "./Icon.tsx";

const OF = [
  ["", "was created"],
  ["finished", "ended"],
] as const;

/** The periods to choose from. */
export const PERIOD_OPTIONS = [
  ["", "any time"],
  ...Object.entries(PERIOD_WORDS).map(([value, words]) => [value, `last ${words}`] as const),
] as const;

/** The only place to choose a list's time range: a period until now, or from and to. */
export const RangeMenu = ({ search, dispatches }: { search: Search; dispatches?: boolean }) => {
  const period = search.from === "" && search.to === "" ? search.period : undefined;
  return (
    <details class="menu range">
      <summary class="button">
        <Icon name="clock" />
        {rangeWords(search)}
      </summary>
      <div class="menu-body">
        <fieldset class="periods">
          <legend class="hidden">Period</legend>
          {PERIOD_OPTIONS.map(([value, words]) => (
            <label>
              <input type="radio" name="period" value={value} {...(value === period ? { checked: true } : {})} />
              <span>{words}</span>
            </label>
          ))}
        </fieldset>
        <Field name="from" label={FILTERS.since.label} type="datetime-local" value={search.from} />
        <Field name="to" label={FILTERS.until.label} type="datetime-local" value={search.to} />
        {dispatches ? (
          <Choice name="of" label={FILTERS.resultedSince.label} value={search.of} options={OF} />
        ) : undefined}
        <button type="submit" class="button primary">
          Show this time
        </button>
      </div>
    </details>
  );
};
