import type { DestinationState } from "../../../../schema/contract/operator.ts";
import { DESTINATION_STATE_NAMES } from "../../../../schema/vocabulary/destination-states.ts";
import { Field, Tabs } from "../../components/Fields.tsx";
import { Submit } from "../../components/Filters.tsx";
import { count } from "../../format/amounts.ts";
import { type DestinationSearch, destinationsPath } from "./destination-list.ts";

interface DestinationFiltersProps {
  search: DestinationSearch;
  destinations: readonly DestinationState[];
}

/** States as tabs, each with its number of destinations, and a field for a part of the name. */
export const DestinationFilters = ({ search, destinations }: DestinationFiltersProps) => {
  const states = DESTINATION_STATE_NAMES.map((name) => ({
    name,
    n: destinations.filter(({ state }) => state === name).length,
  })).filter(({ name, n }) => n > 0 || name === search.state);
  return (
    <>
      <Tabs
        label="State"
        tabs={[
          { text: "all", href: destinationsPath(search, { state: "", idle: false }), current: search.state === "" },
          ...states.map(({ name, n }) => ({
            text: `${name} ${count(n)}`,
            href: destinationsPath(search, { state: name }),
            current: search.state === name,
          })),
        ]}
      />
      <form class="filters" action="/destinations" data-filters autocomplete="off">
        {search.state === "" ? undefined : <input type="hidden" name="state" value={search.state} />}
        {search.sort === "state" ? undefined : <input type="hidden" name="sort" value={search.sort} />}
        {search.idle ? <input type="hidden" name="idle" value="yes" /> : undefined}
        <Field name="q" label="Name contains" value={search.q} />
        <Submit path="/destinations" />
      </form>
    </>
  );
};
