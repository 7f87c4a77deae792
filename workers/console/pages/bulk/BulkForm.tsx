import type { Child } from "hono/jsx";
import type { ExpectedDispatches } from "../../../../schema/contract/operations.ts";
import { PartValue } from "../../components/Chips.tsx";
import { HiddenFields } from "../../components/Fields.tsx";
import { type Search, searchQuery } from "../../forms/filters.ts";
import { searchParts } from "../../forms/search-words.ts";

interface HiddenSearchProps {
  search: Search;
  /** The moment of the preview. Later dispatches and events are not touched. */
  asOf: Date;
  /** Made with the form, so that sending it twice has one effect. */
  operationId: string;
  /** The number of dispatches in the preview, for the progress. */
  expected: ExpectedDispatches;
}

/** The search, as hidden fields of the form. */
export const HiddenSearch = ({ search, asOf, operationId, expected }: HiddenSearchProps) => (
  <>
    <HiddenFields query={searchQuery(search)} />
    <input type="hidden" name="asOf" value={asOf.toISOString()} />
    <input type="hidden" name="operationId" value={operationId} />
    <input type="hidden" name="expected" value={String(expected.dispatches)} />
    <input type="hidden" name="exact" value={expected.exact ? "yes" : "no"} />
  </>
);

/** The search in words. */
export const SearchWords = ({ search }: { search: Search }) => {
  const { status, overdue } = search;
  const parts = [
    ...(status.length === 0 ? [] : [{ name: "Status", value: status.join(", ") }]),
    ...(overdue === "" ? [] : [{ name: "Overdue", value: overdue }]),
    ...searchParts({ ...search, order: "" }),
  ];
  if (parts.length === 0) return <p class="advice s-misconfigured">There is no filter: this takes everything.</p>;
  return (
    <p class="words">
      {parts.map(({ name, value }) => (
        <span class="tag">
          <span class="dim">{name}</span> <PartValue value={value} />
        </span>
      ))}
    </p>
  );
};

/** The field for the rate at which the new dispatches become due. */
export const Rate = ({ value }: { value: string }) => (
  <label class="field">
    <span>New dispatches due a second</span>
    <input type="text" inputmode="numeric" name="perSecond" value={value} />
    <span>They are spread, so that what is just in order again is not flooded.</span>
  </label>
);

/** The confirmation of bulk work: what it will do, and a link back. */
export const Confirm = ({
  children,
  back,
  danger,
  text,
}: {
  children?: Child;
  back: string;
  danger?: boolean;
  text: string;
}) => (
  <div class="confirm">
    <h2>Before it begins</h2>
    {children}
    <span class="submit">
      <button type="submit" class={danger ? "button danger" : "button primary"}>
        {text}
      </button>
      <a class="button quiet" href={back}>
        Back, do nothing
      </a>
    </span>
  </div>
);
