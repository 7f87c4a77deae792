import type { Child } from "hono/jsx";
import { FILTERS, type FilterName } from "../../../schema/vocabulary/filters.ts";
import { DISPATCH_STATUSES, UNHAPPY_STATUSES } from "../../../schema/vocabulary/statuses.ts";
import { FIELD_PARTS, type FieldPart, type Search, searchQuery } from "../forms/filters.ts";
import { Chips } from "./Chips.tsx";
import { Choice, Field, Names, Tabs } from "./Fields.tsx";
import { Icon } from "./Icon.tsx";
import { RangeMenu } from "./RangeMenu.tsx";

/** The names in the configuration. */
export interface KnownNames {
  destinations: readonly string[];
  routes: readonly string[];
}

interface DispatchFiltersProps {
  search: Search;
  known: KnownNames;
  /** The page that the filter belongs to. */
  path?: string;
  /** Fields that only this page has, instead of the time range. */
  children?: Child;
}

/**
 * The filter for dispatches: statuses as tabs, the usual fields, the time range and the rest in a menu. It also shows the present conditions, which
 * can be removed.
 */
export const DispatchFilters = ({ search, known, path = "/dispatches", children }: DispatchFiltersProps) => {
  const status = (value: string[]) => `${path}${searchQuery(search, { status: value, overdue: "" })}`;
  const none = search.status.length === 0 && search.overdue === "";
  const isUnhappy =
    UNHAPPY_STATUSES.length === search.status.length && UNHAPPY_STATUSES.every((one) => search.status.includes(one));
  return (
    <div class="finder">
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
      {/* No autocomplete: when the reader returns to the page, its URL gives the filter, not choices made before leaving. */}
      <form class="filters" action={path} data-filters autocomplete="off">
        {search.status.map((one) => (
          <input type="hidden" name="status" value={one} />
        ))}
        {search.overdue === "" ? undefined : <input type="hidden" name="overdue" value={search.overdue} />}
        {FIELD_PARTS.filter(isInFront).map((name) => (
          <PartField part={name} search={search} />
        ))}
        {children ?? <RangeMenu search={search} dispatches />}
        <MoreFields search={search}>
          {FIELD_PARTS.filter((name) => !isInFront(name) && "dispatches" in FILTERS[name]).map((name) => (
            <PartField part={name} search={search} />
          ))}
          <PayloadFields search={search} />
        </MoreFields>
        <Find />
        <Names id="known-destinations" names={known.destinations} />
        <Names id="known-routes" names={known.routes} />
      </form>
      <Chips path={path} search={search} />
    </div>
  );
};

/** The filter for events: a value and the idempotency key, the time range, and the rest in a menu. */
export const EventFilters = ({ search }: { search: Search }) => (
  <div class="finder">
    <form class="filters" action="/events" data-filters autocomplete="off">
      <PayloadFields search={search} />
      <PartField part="idempotencyKey" search={search} />
      <RangeMenu search={search} />
      <MoreFields search={search}>
        {FIELD_PARTS.filter((name) => name !== "idempotencyKey" && "events" in FILTERS[name]).map((name) => (
          <PartField part={name} search={search} />
        ))}
      </MoreFields>
      <Find />
    </form>
    <Chips path="/events" search={search} />
  </div>
);

const Find = () => (
  <button type="submit" class="button primary find">
    Find
  </button>
);

/** Starts the search, or clears it at `path`. */
export const Submit = ({ path }: { path: string }) => (
  <span class="submit">
    <Find />
    <a class="button quiet" href={path}>
      Clear
    </a>
  </span>
);

/** The list of names that a field offers, by the list's id. */
const NAMES: { readonly [Name in FieldPart]?: string } = { destination: "known-destinations", route: "known-routes" };

/** The field for one part of a filter. */
const PartField = ({ part, search }: { part: FieldPart; search: Search }) => {
  const { field, label, takes } = FILTERS[part];
  const list = NAMES[part];
  return takes === "boolean" ? (
    <Choice name={field} label={label} value={search[field]} options={EITHER} />
  ) : (
    <Field name={field} label={label} value={search[field]} {...(list === undefined ? {} : { list })} />
  );
};

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

/** The fields that are used less often. */
const MoreFields = ({ search, children }: { search: Search; children: Child }) => (
  <details class="menu more">
    <summary class="button">
      <Icon name="filter" />
      More filters
    </summary>
    <div class="menu-body wide">
      <div class="filters">
        {children}
        <Choice
          name="order"
          label="Order"
          value={search.order}
          options={[
            ["", "newest first"],
            ["oldest", "oldest first"],
          ]}
        />
        <Field name="ids" label={FILTERS.ids.label} value={search.ids} wide />
        <span class="submit">
          <button type="submit" class="button primary">
            Apply
          </button>
        </span>
      </div>
    </div>
  </details>
);
