import { printable } from "../../../schema/text/printable.ts";
import type { StoredCheck } from "../../events/check-stored.ts";
import type { KindChanges } from "../../events/diff.ts";
import type { EventChange } from "../../events/diff-schemas.ts";
import { count } from "../count-noun.ts";

/** The effect of a change of definitions, for people: one line per change, with those whom it breaks. */
export function diffText(kinds: readonly KindChanges[]): string {
  const all = kinds.flatMap(({ changes }) => changes);
  const breaking = (party: "producers" | "consumers") => all.filter(({ breaks }) => breaks.includes(party)).length;
  const lines = kinds.flatMap(({ kind, changes }) => [
    kind ?? "(all kinds)",
    ...changes.map((change) => `  ${changeText(change)}`),
  ]);
  const total =
    all.length === 0
      ? "nothing changes"
      : `${count(all.length, "change")}: ${breaking("producers")} breaking for producers, ${breaking("consumers")} for consumers`;
  return [...lines, total].map(printable).join("\n");
}

function changeText({ at, what, breaks }: EventChange): string {
  const verdict = breaks.length === 0 ? "compatible" : `breaks ${breaks.join(" and ")}`;
  return `${verdict.padEnd(31)}${at === "" ? "" : `$${at} `}${what}`;
}

/** How a definition fits stored events, for people. */
export function storedText({ events, withoutPayload, kinds }: StoredCheck): string {
  const sum = (of: "refused" | "warned") => kinds.reduce((total, kind) => total + kind[of], 0);
  const passed = withoutPayload === 0 ? "" : `, ${withoutPayload} more skipped (their payload has been removed)`;
  return [
    `${count(events, "stored event")}${passed}: ${sum("refused")} would be refused, ${sum("warned")} warned of`,
    ...kinds.flatMap(({ kind, defined, events: seen, refused, warned, examples }) => [
      `  ${kind ?? "(without a kind)"}${defined ? "" : " (not defined)"}: ${count(seen, "event")}, ${refused} refused, ${warned} warned of`,
      ...(defined ? examples : []).map(({ eventId, faults }) => `    ${eventId}: ${faults.join("; ")}`),
    ]),
  ]
    .map(printable)
    .join("\n");
}
