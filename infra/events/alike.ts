import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../schema/config/faults.ts";
import { baseOf, type Located, type References, schemasBelow } from "../../workers/hub/events/json-schema/refs.ts";

/** A schema, and what its references lead to. */
export interface Side {
  located: Located;
  references: References;
}

const REFERENCES = ["$ref", "$dynamicRef"];

/** Whether two schemas say the same, also in what their references lead to: the same words may refer to another definition. */
export function alike(one: Side, other: Side, met = new Map<unknown, Set<unknown>>()): boolean {
  const [a, b] = [one.located.schema, other.located.schema];
  if (!isDeepStrictEqual(a, b)) return false;
  if (!isRecord(a) || !isRecord(b)) return true;
  const known = met.get(a) ?? new Set();
  if (known.has(b)) return true;
  met.set(a, known.add(b));
  for (const word of REFERENCES) {
    if (typeof a[word] !== "string") continue;
    const [to, from] = [targetOf(one, a[word]), targetOf(other, a[word])];
    if (to !== undefined && from !== undefined && !alike(to, from, met)) return false;
  }
  const [below, others] = [schemasBelow(a), schemasBelow(b)];
  return below.every(({ schema }, index) => alike(child(one, schema), child(other, others[index]?.schema), met));
}

/** A schema that stands in another. */
export const child = ({ located, references }: Side, schema: unknown): Side => ({
  located: { schema, place: undefined, base: baseOf(located) },
  references,
});

/** What a reference leads to; `undefined` if that is not in the document. */
export function targetOf({ located, references }: Side, reference: string): Side | undefined {
  const found = references.find(reference, baseOf(located));
  return found && { located: found, references };
}
