import { DISPATCH_FILTERS, FILTERS, type FilterName } from "../../../schema/vocabulary/filters.ts";
import { DISPATCH_STATUSES, UNHAPPY_STATUSES } from "../../../schema/vocabulary/statuses.ts";
import { FIELD_PARTS, type FieldPart, isField, PERIOD_WORDS, type Search, searchQuery } from "../forms/filters.ts";
import { Choice, Field, Names, Tabs } from "./Fields.tsx";

/** Names that the configuration knows. */
export interface KnownNames {
  destinations: readonly string[];
  routes: readonly string[];
}

const PERIOD_OPTIONS = [
  ["", "ever"],
  ...Object.entries(PERIOD_WORDS).map(([value, words]) => [value, `last ${words}`] as const),
] as const;

/** The filter of the dispatches: statuses as tabs, the usual fields, and the rest in a fold. */
export const DispatchFilters = ({ search, known }: { search: Search; known: KnownNames }) => {
  const path = "/dispatches";
  const status = (value: string[]) => `${path}${searchQuery(search, { status: value, overdue: "" })}`;
  const none = search.status.length === 0 && search.overdue === "";
  const isUnhappy =
    UNHAPPY_STATUSES.length === search.status.length && UNHAPPY_STATUSES.every((one) => search.status.includes(one));
  return (
    <>
      <Tabs
        label={FILTERS.status.label}
        tabs={[
          { text: "all", href: status([]), current: none },
          { text: "needs attention", href: status([...UNHAPPY_STATUSES]), current: isUnhappy },
          {
            text: FILTERS.overdue.label,
            href: `${path}${searchQuery(search, { status: [], overdue: "yes" })}`,
            current: search.overdue !== "",
          },
          ...DISPATCH_STATUSES.map((one) => ({
            text: one,
            href: status([one]),
            current: search.status.length === 1 && search.status[0] === one && search.overdue === "",
          })),
        ]}
      />
      {/* Back at a page, its address tells the filter, and not what was chosen there before leaving. */}
      <form class="filters" action={path} data-filters autocomplete="off">
        {search.status.map((one) => (
          <input type="hidden" name="status" value={one} />
        ))}
        {search.overdue === "" ? undefined : <input type="hidden" name="overdue" value={search.overdue} />}
        {FIELD_PARTS.filter(isInFront).map((name) => (
          <PartField part={name} search={search} />
        ))}
        <Choice name="period" label="Period" value={search.period} options={PERIOD_OPTIONS} />
        <MoreFields search={search} dispatches />
        <Submit path={path} />
        <Names id="known-destinations" names={known.destinations} />
        <Names id="known-routes" names={known.routes} />
      </form>
    </>
  );
};

/** The filter of the events. */
export const EventFilters = ({ search }: { search: Search }) => (
  <form class="filters" action="/events" data-filters autocomplete="off">
    <PartField part="idempotencyKey" search={search} />
    <PartField part="invalid" search={search} />
    <Choice name="period" label="Period" value={search.period} options={PERIOD_OPTIONS} />
    <PayloadFields search={search} />
    <MoreFields search={search} />
    <Submit path="/events" />
  </form>
);

const Submit = ({ path }: { path: string }) => (
  <span class="submit">
    <button type="submit" class="button primary">
      Find
    </button>
    <a class="button quiet" href={path}>
      Clear
    </a>
  </span>
);

/** Names that a field offers, by the id of their list. */
const NAMES: { readonly [Name in FieldPart]?: string } = { destination: "known-destinations", route: "known-routes" };

/** The field of one part of a filter. */
const PartField = ({ part, search }: { part: FieldPart; search: Search }) => {
  const { field, label, takes } = FILTERS[part];
  const list = NAMES[part];
  return takes === "boolean" ? (
    <Choice name={field} label={label} value={search[field]} options={EITHER} />
  ) : (
    <Field name={field} label={label} value={search[field]} {...(list === undefined ? {} : { list })} />
  );
};

const ABOUT = [
  ["", "was created"],
  ["finished", "ended"],
] as const;

const EITHER = [
  ["", "either"],
  ["no", "no"],
  ["yes", "yes"],
] as const;

const isInFront = (name: FilterName): boolean => "inFront" in FILTERS[name];

const PayloadFields = ({ search }: { search: Search }) => (
  <>
    <Field name="path" label={FILTERS.payload.label} value={search.path} placeholder="$.order.id" />
    <Field name="equals" label="equals" value={search.equals} placeholder="17" />
  </>
);

/** What only dispatches have stands in the fold, and what the period is about where the times of the end would stand. */
const FOLDED = DISPATCH_FILTERS.filter(
  (name): name is FieldPart | "resultedSince" =>
    name === "resultedSince" || (isField(name) && !isInFront(name) && !("events" in FILTERS[name])),
);

const MoreFields = ({ search, dispatches }: { search: Search; dispatches?: boolean }) => {
  const { from, to, ids, order } = search;
  const own = FIELD_PARTS.filter((name) => !isInFront(name)).map((name) => search[FILTERS[name].field]);
  const used = [from, to, ids, order, ...(dispatches ? [...own, search.of, search.path] : [])];
  return (
    <details class="more" {...(used.some(Boolean) ? { open: true } : {})}>
      <summary>More</summary>
      <div class="filters">
        {dispatches ? (
          <>
            {FOLDED.map((name) =>
              name === "resultedSince" ? (
                <Choice name="of" label={FILTERS[name].label} value={search.of} options={ABOUT} />
              ) : (
                <PartField part={name} search={search} />
              ),
            )}
            <PartField part="idempotencyKey" search={search} />
            <PayloadFields search={search} />
          </>
        ) : undefined}
        <Field name="from" label={FILTERS.since.label} type="datetime-local" value={search.from} />
        <Field name="to" label={FILTERS.until.label} type="datetime-local" value={search.to} />
        <Field name="ids" label={FILTERS.ids.label} value={search.ids} wide />
        <Choice
          name="order"
          label="Order"
          value={search.order}
          options={[
            ["", "newest first"],
            ["oldest", "oldest first"],
          ]}
        />
      </div>
    </details>
  );
};
