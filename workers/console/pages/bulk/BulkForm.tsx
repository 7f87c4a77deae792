import type { Child } from "hono/jsx";
import { PERIOD_WORDS, type Search, searchQuery } from "../../forms/filters.ts";

interface HiddenSearchProps {
  search: Search;
  /** The moment of the preview: what came later is not touched. */
  asOf: Date;
  /** Made with the form, so that sending it twice does it once. */
  operationId: string;
  /** How much the preview found, for the progress. */
  expected: number;
}

/** What was searched for, as fields that go with the form. */
export const HiddenSearch = ({ search, asOf, operationId, expected }: HiddenSearchProps) => (
  <>
    {[...new URLSearchParams(searchQuery(search))].map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    <input type="hidden" name="asOf" value={asOf.toISOString()} />
    <input type="hidden" name="operationId" value={operationId} />
    <input type="hidden" name="expected" value={String(expected)} />
  </>
);

/** What was searched for, in words. */
export const SearchWords = ({ search }: { search: Search }) => {
  const { period, of: about, retried, order: _, ...rest } = search;
  const ended = about === "finished" ? "ended" : "created";
  const words = [
    ...new URLSearchParams(searchQuery(rest)),
    ...(PERIOD_WORDS[period] === undefined ? [] : [[`${ended} in the last`, PERIOD_WORDS[period]] as const]),
    ...(ended === "ended" && (search.from !== "" || search.to !== "")
      ? [["from and to are of", "its end"] as const]
      : []),
    ...(retried === "" ? [] : [["retried by hand", retried] as const]),
  ];
  if (words.length === 0) return <p class="advice s-misconfigured">There is no filter: this takes everything.</p>;
  return (
    <p class="words">
      {words.map(([name, value]) => (
        <span class="tag">
          <span class="dim">{name}</span> {value.length > 80 ? `${value.slice(0, 80)}…` : value}
        </span>
      ))}
    </p>
  );
};

/** At which rate what bulk work makes becomes due. */
export const Rate = ({ value }: { value: string }) => (
  <label class="field">
    <span>New dispatches due a second</span>
    <input type="text" inputmode="numeric" name="perSecond" value={value} />
  </label>
);

/** The last word before bulk work: what it will do, and the way back. */
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
