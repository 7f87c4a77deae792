import type { Findings, SearchedPlace } from "../../../schema/contract/find.ts";
import { printable } from "../../../schema/text/printable.ts";
import { short, table } from "./print.ts";

const PLACES: Readonly<Record<SearchedPlace["in"], string>> = {
  idempotency_keys: "idempotency keys",
  payloads: "payloads",
  keys: "keys of limits and orders",
  reasons: "reasons",
};

/** Everything that was found, and where the search looked. */
export function showFindings({ places }: Findings): string {
  const placeOf = ({ in: place, path }: SearchedPlace) => path ?? PLACES[place];
  const rows = places.flatMap((place) =>
    place.found.map(({ kind, id, at, value }) => [kind, id, at, placeOf(place), short(value)]),
  );
  const looked = places.map((place) => `${placeOf(place)}${place.whole ? "" : " (the newest 20,000 dispatches)"}`);
  return `${table(["found", "id", { head: "created", drop: 2 }, { head: "in", drop: 1 }, { head: "value", least: 10 }], rows)}\nlooked in: ${looked.map(printable).join(", ")}${rows.length === 0 ? ELSEWHERE : ""}`;
}

/** Where `find` does not look. */
const ELSEWHERE = "\nfor a value in payloads: ops events --payload '$.order.id=17'";
