import { count } from "../format/amounts.ts";
import { MAX_EXPORTED_ROWS } from "../format/csv.ts";
import { COLUMNS, type ListName } from "../forms/columns.ts";
import { isEmpty, type Search, searchQuery } from "../forms/filters.ts";
import { HiddenFields } from "./Fields.tsx";
import { Icon } from "./Icon.tsx";

interface ListMenuProps {
  list: ListName;
  search: Search;
}

/** The menus of a list: columns to choose, saved filters, files. */
export const ListMenus = ({ list, search, columns }: ListMenuProps & { columns: ReadonlySet<string> }) => (
  <>
    <ColumnMenu list={list} search={search} columns={columns} />
    <SavedFilters list={list} search={search} />
    <ExportMenu list={list} search={search} />
  </>
);

const ColumnMenu = ({ list, search, columns }: ListMenuProps & { columns: ReadonlySet<string> }) => (
  <details class="menu">
    <summary class="button quiet">
      <Icon name="columns" />
      <span class="label">Columns</span>
    </summary>
    <form class="menu-body" action={`/${list}`} autocomplete="off">
      {/* Hidden fields keep the filter. */}
      <HiddenFields query={searchQuery(search, { columns: "" })} />
      {Object.entries(COLUMNS[list]).map(([name, label]) => (
        <label class="check">
          <input
            type="checkbox"
            name="columns"
            value={name}
            aria-label={`Column ${label}`}
            {...(columns.has(name) ? { checked: true } : {})}
          />
          {label}
        </label>
      ))}
      <button type="submit" class="button">
        Show these
      </button>
    </form>
  </details>
);

/** Filters saved under a name in this browser. assets/saved-filters.js fills the menu. */
const SavedFilters = ({ list, search }: ListMenuProps) => (
  <details class="menu js" data-saved={list}>
    <summary class="button quiet">
      <Icon name="bookmark" />
      <span class="label">Saved filters</span>
    </summary>
    <div class="menu-body">
      <ul class="saved" />
      <p class="dim saved-none">None is saved in this browser yet.</p>
      {isEmpty(search) ? undefined : (
        <div class="saved-new">
          <label class="field">
            <span>Name of this filter</span>
            <input type="text" maxlength={80} autocomplete="off" />
          </label>
          <button type="button" class="button" data-save={searchQuery(search)}>
            Save
          </button>
        </div>
      )}
    </div>
  </details>
);

const ExportMenu = ({ list, search }: ListMenuProps) => {
  const query = searchQuery(search, { columns: "" });
  return (
    <details class="menu">
      <summary class="button quiet">
        <Icon name="download" />
        <span class="label">Export</span>
      </summary>
      <div class="menu-body">
        <p class="dim">
          All that is found, up to {count(MAX_EXPORTED_ROWS)} rows; the file's name says if there are more.
        </p>
        <a class="button" href={`/${list}.csv${query}`} download>
          CSV
        </a>
        <a class="button" href={`/${list}.json${query}`} download>
          JSON
        </a>
        {list === "dispatches" ? (
          <>
            <p class="dim">Results by time and destination:</p>
            {(["csv", "json"] as const).map((format) => (
              <a class="button" href={`/stats.${format}${searchQuery({ period: search.period })}`} download>
                Results, {format.toUpperCase()}
              </a>
            ))}
          </>
        ) : undefined}
      </div>
    </details>
  );
};
