import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../schema/config/faults.ts";
import { baseOf, type Located, References, ROOT } from "../../workers/hub/events/json-schema/refs.ts";
import { TYPES, type TypeName } from "../../workers/hub/events/json-schema/values.ts";

/** For whom a change breaks something: producers are refused what was taken, consumers get what they did not expect. */
export type Party = "producers" | "consumers";

/** One change of a kind of event. */
export interface EventChange {
  /** Where in the payload; empty for the kind itself. */
  at: string;
  what: string;
  /** Empty: compatible for both. */
  breaks: readonly Party[];
}

type Schema = Readonly<Record<string, unknown>>;

/** Keywords that bound a value: the one of those that is higher takes fewer values, or more. */
const LOWER = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const UPPER = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];

/** Keywords of which it is only seen that they differ. */
const OPAQUE = [
  ...[
    "pattern",
    "format",
    "multipleOf",
    "anyOf",
    "oneOf",
    "allOf",
    "not",
    "if",
    "then",
    "else",
    "prefixItems",
    "contains",
  ],
  ...[
    "uniqueItems",
    "patternProperties",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "additionalProperties",
  ],
];

const MAX_DEPTH = 30;

/** What a change of a schema means. A producer is hurt by what is taken no more, a consumer by what may come now. */
export function compareSchemas(before: unknown, after: unknown): EventChange[] {
  const changes: EventChange[] = [];
  const documents = [before, after].map((schema): Located => ({ schema, place: undefined, base: ROOT }));
  const [old, now] = documents as [Located, Located];
  const references = [new References(old), new References(now)] as const;
  compare(old, now, "", 0);
  return changes;

  function note(at: string, what: string, ...breaks: Party[]): void {
    changes.push({ at, what, breaks });
  }

  function compare(one: Located, other: Located, at: string, depth: number): void {
    const [a, b] = [resolve(one, references[0]), resolve(other, references[1])];
    if (depth > MAX_DEPTH || isDeepStrictEqual(a.schema, b.schema)) return;
    if (!isRecord(a.schema) || !isRecord(b.schema)) {
      note(at, "has another schema", "producers", "consumers");
      return;
    }
    compareTypes(a.schema, b.schema, at);
    compareBounds(a.schema, b.schema, at);
    for (const word of OPAQUE) {
      if (isDeepStrictEqual(a.schema[word], b.schema[word])) continue;
      note(at, `has another ${word}`, ...opaqueBreaks(a.schema[word], b.schema[word]));
    }
    compareMembers(a as Located & { schema: Schema }, b as Located & { schema: Schema }, at, depth);
    if (a.schema.items !== undefined && b.schema.items !== undefined)
      compare(below(a, a.schema.items), below(b, b.schema.items), `${at}[*]`, depth + 1);
    else if (a.schema.items !== b.schema.items)
      note(at, "has other items", ...opaqueBreaks(a.schema.items, b.schema.items));
  }

  function compareTypes(a: Schema, b: Schema, at: string): void {
    const [from, to] = [typesOf(a), typesOf(b)];
    const [gone, come] = [from.filter((type) => !to.includes(type)), to.filter((type) => !from.includes(type))];
    if (gone.length > 0) note(at, `may no longer be ${gone.join(" or ")}`, "producers");
    if (come.length > 0) note(at, `may now be ${come.join(" or ")}`, "consumers");
    const [old, now] = [valuesOf(a), valuesOf(b)];
    if (old === undefined && now !== undefined) note(at, `may only be ${now.join(", ")}`, "producers");
    if (old !== undefined && now === undefined) note(at, "may have any value", "consumers");
    if (old === undefined || now === undefined) return;
    const lost = old.filter((value) => !now.includes(value));
    const more = now.filter((value) => !old.includes(value));
    if (lost.length > 0) note(at, `may no longer be ${lost.join(", ")}`, "producers");
    if (more.length > 0) note(at, `may now be ${more.join(", ")}`, "consumers");
  }

  function compareBounds(a: Schema, b: Schema, at: string): void {
    for (const [words, sign] of [
      [LOWER, 1],
      [UPPER, -1],
    ] as const) {
      for (const word of words) {
        const none = -sign * Number.POSITIVE_INFINITY;
        const [from, to] = [a[word] ?? none, b[word] ?? none].map(Number) as [number, number];
        if (from === to) continue;
        const narrower = (to - from) * sign > 0;
        note(
          at,
          `has ${word} ${b[word] ?? "no more"}, was ${a[word] ?? "without"}`,
          narrower ? "producers" : "consumers",
        );
      }
    }
  }

  function compareMembers(
    a: Located & { schema: Schema },
    b: Located & { schema: Schema },
    at: string,
    depth: number,
  ): void {
    const [from, to] = [membersOf(a.schema), membersOf(b.schema)];
    const [wanted, wants] = [requiredOf(a.schema), requiredOf(b.schema)];
    for (const name of new Set([...Object.keys(from), ...Object.keys(to), ...wanted, ...wants])) {
      const here = `${at}.${name}`;
      const [was, is] = [Object.hasOwn(from, name), Object.hasOwn(to, name)];
      if (was && !is) {
        const closed = b.schema.additionalProperties === false ? ["producers" as const] : [];
        note(here, "is not described any more", ...closed, "consumers");
        continue;
      }
      if (!was && is)
        note(
          here,
          wants.has(name) ? "is new and required" : "is new",
          ...(wants.has(name) ? ["producers" as const] : []),
        );
      else if (wants.has(name) && !wanted.has(name)) note(here, "is required now", "producers");
      else if (!wants.has(name) && wanted.has(name)) note(here, "may be missing now", "consumers");
      if (was && is) compare(below(a, from[name]), below(b, to[name]), here, depth + 1);
    }
  }
}

const below = (parent: Located, schema: unknown): Located => ({ schema, place: undefined, base: baseOf(parent) });

function resolve(located: Located, references: References): Located {
  let found = located;
  for (let steps = 0; steps < MAX_DEPTH; steps++) {
    const { schema } = found;
    if (!isRecord(schema) || typeof schema.$ref !== "string") return found;
    const next = references.find(schema.$ref, baseOf(found));
    if (next === undefined) return found;
    found = next;
  }
  return found;
}

/** What comes to be asked for hurts producers, what is asked for no more consumers, and another thing both. */
const opaqueBreaks = (from: unknown, to: unknown): Party[] => [
  ...(to === undefined ? [] : ["producers" as const]),
  ...(from === undefined ? [] : ["consumers" as const]),
];

const typesOf = ({ type }: Schema): readonly TypeName[] => {
  const types = type === undefined ? TYPES.filter((name) => name !== "integer") : ([type].flat() as TypeName[]);
  return types;
};

const valuesOf = (schema: Schema): string[] | undefined =>
  Object.hasOwn(schema, "const")
    ? [JSON.stringify(schema.const)]
    : Array.isArray(schema.enum)
      ? schema.enum.map((value) => JSON.stringify(value))
      : undefined;

const membersOf = ({ properties }: Schema): Schema => (isRecord(properties) ? properties : {});

const requiredOf = ({ required }: Schema): Set<string> =>
  new Set(Array.isArray(required) ? required.filter((name) => typeof name === "string") : []);
