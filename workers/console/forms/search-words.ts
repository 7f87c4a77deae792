import { FILTERS } from "../../../schema/vocabulary/filters.ts";
import { parseIsoTime } from "../../../schema/vocabulary/iso-time.ts";
import { FIELD_PARTS, type Search } from "./filters.ts";
import { idsIn } from "./ids-in.ts";
import { PERIOD_WORDS } from "./periods.ts";

/** One condition of a search, in words. */
export interface SearchPart {
  name: string;
  /** A `Date` if it is a moment. `""` if the name already says everything. */
  value: string | Date;
  /** The change that removes the condition from the search. */
  without: Partial<Search>;
}

/** The most characters shown of a value. */
const MAX_SHOWN = 80;

/** The conditions of a search, in the words of its fields. Leaves out the statuses, which have a place of their own. */
export function searchParts(search: Search): SearchPart[] {
  const { path, equals, ids, order } = search;
  const fields = FIELD_PARTS.map((part) => {
    const { field, label } = FILTERS[part];
    return { name: label, value: cut(search[field]), without: { [field]: "" }, isThere: search[field] !== "" };
  });
  return [
    ...fields.filter(({ isThere }) => isThere),
    ...(path === "" ? [] : [{ name: path, value: `= ${cut(equals)}`, without: { path: "", equals: "" } }]),
    ...timeParts(search),
    ...(ids === "" ? [] : [{ name: "Ids", value: idWords(ids), without: { ids: "" } }]),
    ...(order === "" ? [] : [{ name: "Oldest first", value: "", without: { order: "" } }]),
  ].map(({ name, value, without }) => ({ name, value, without }));
}

/** The time range of a search, in the words of a button. */
export function rangeWords({ period, from, to }: Search): string {
  if (from !== "" || to !== "") return "Chosen time";
  return PERIOD_WORDS[period] === undefined ? "Any time" : `Last ${PERIOD_WORDS[period]}`;
}

function timeParts({ period, of, from, to }: Search): SearchPart[] {
  const verb = of === "finished" ? "Ended" : "Created";
  const words = PERIOD_WORDS[period];
  return [
    ...(words === undefined || from !== ""
      ? []
      : [{ name: `${verb} in the last`, value: words, without: { period: "" } }]),
    ...(from === "" ? [] : [{ name: `${verb} from`, value: momentOf(from), without: { from: "" } }]),
    ...(to === "" ? [] : [{ name: `${verb} before`, value: momentOf(to), without: { to: "" } }]),
  ];
}

/** The moment in a field, which is UTC. If it is no moment, the text as typed. */
function momentOf(text: string): Date | string {
  const time = parseIsoTime(text) ?? parseIsoTime(`${text}Z`);
  return time === undefined ? cut(text) : new Date(time);
}

function idWords(ids: string): string {
  const found = idsIn(ids);
  return found.length > 1 ? `${found.length} chosen` : cut(found[0] ?? ids);
}

const cut = (text: string) => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
