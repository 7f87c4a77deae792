import { type Search, searchQuery } from "../forms/filters.ts";
import { type SearchPart, searchParts } from "../forms/search-words.ts";
import { Icon } from "./Icon.tsx";
import { Minute } from "./Time.tsx";

/** The value of one condition of a search. */
export const PartValue = ({ value }: { value: SearchPart["value"] }) =>
  value instanceof Date ? <Minute at={value} /> : <span>{value}</span>;

/** The conditions of a list. Each is a link to the list without it, and there is one to the whole list. */
export const Chips = ({ path, search }: { path: string; search: Search }) => {
  const parts = searchParts(search);
  if (parts.length === 0) return undefined;
  return (
    <nav class="chips" aria-label="Filters in use">
      {parts.map(({ name, value, without }) => (
        <a href={`${path}${searchQuery(search, without)}`} title={`Without this filter: ${name}`}>
          <span class="dim">{name}</span> <PartValue value={value} />
          <span class="x">
            <Icon name="x" />
          </span>
        </a>
      ))}
      {parts.length > 1 ? (
        <a class="clear" href={path}>
          Clear all
        </a>
      ) : undefined}
    </nav>
  );
};
