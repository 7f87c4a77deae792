import type { SearchedPlace } from "../../../../schema/contract/find.ts";
import { keyField, searchQuery } from "../../forms/filters.ts";

/** The name of each place, as the end of "looked at". */
export const PLACE_NAMES: Readonly<Record<SearchedPlace["in"], string>> = {
  idempotency_keys: "Idempotency keys",
  payloads: "Payloads",
  keys: "Keys of limits and orders",
  reasons: "Reasons",
};

/** The URL of the list of all findings in a place. For a payload, with the newest value found. */
export function listOf({ in: place, path, found }: SearchedPlace, text: string): string {
  switch (place) {
    case "idempotency_keys":
      return `/events${searchQuery({ key: text })}`;
    case "payloads":
      return `/events${searchQuery({ path: path ?? "", equals: found[0]?.value ?? JSON.stringify(text) })}`;
    case "keys":
      return `/dispatches${searchQuery({ "any-key": keyField(text) })}`;
    case "reasons":
      return `/dispatches${searchQuery({ reason: text })}`;
  }
}
