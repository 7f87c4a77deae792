import { DISPATCH_STATUSES } from "../../../schema/vocabulary/statuses.ts";
import { PERIOD_WORDS, type Search, searchQuery } from "../view/filters.ts";
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
  const unhappy = ["failed", "misconfigured", "lost"];
  const isUnhappy = unhappy.length === search.status.length && unhappy.every((one) => search.status.includes(one));
  return (
    <>
      <Tabs
        label="Status"
        tabs={[
          { text: "all", href: status([]), current: none },
          { text: "needs attention", href: status(unhappy), current: isUnhappy },
          {
            text: "overdue",
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
        <Field name="destination" label="Destination" value={search.destination} list="known-destinations" />
        <Field name="reason" label="Reason contains" value={search.reason} />
        <Choice name="period" label="Period" value={search.period} options={PERIOD_OPTIONS} />
        <MoreFields search={search} dispatches>
          <Field name="route" label="Route" value={search.route} list="known-routes" />
          <Choice
            name="of"
            label="Period is when it"
            value={search.of}
            options={[
              ["", "was created"],
              ["finished", "ended"],
            ]}
          />
          <Choice
            name="retried"
            label="Retried by hand"
            value={search.retried}
            options={[
              ["", "either"],
              ["no", "no"],
              ["yes", "yes"],
            ]}
          />
          <Field name="event" label="Event id" value={search.event} />
          <Field name="operation" label="Operation id" value={search.operation} />
        </MoreFields>
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
    <Field name="key" label="Idempotency key" value={search.key} />
    <Choice name="period" label="Period" value={search.period} options={PERIOD_OPTIONS} />
    <Field name="path" label="Payload path" value={search.path} placeholder="$.order.id" />
    <Field name="equals" label="equals" value={search.equals} placeholder="17" />
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

const MoreFields = ({ search, dispatches, children }: { search: Search; dispatches?: boolean; children?: unknown }) => {
  const used = dispatches
    ? [
        search.route,
        search.of,
        search.from,
        search.to,
        search.path,
        search.key,
        search.ids,
        search.event,
        search.operation,
        search.retried,
        search.order,
      ]
    : [search.from, search.to, search.ids, search.order];
  return (
    <details class="more" {...(used.some(Boolean) ? { open: true } : {})}>
      <summary>More</summary>
      <div class="filters">
        {children as never}
        {dispatches ? (
          <>
            <Field name="key" label="Idempotency key" value={search.key} />
            <Field name="path" label="Payload path" value={search.path} placeholder="$.order.id" />
            <Field name="equals" label="equals" value={search.equals} placeholder="17" />
          </>
        ) : undefined}
        <Field name="from" label="From (UTC)" type="datetime-local" value={search.from} />
        <Field name="to" label="To (UTC)" type="datetime-local" value={search.to} />
        <Field name="ids" label="Ids, as pasted" value={search.ids} wide />
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
