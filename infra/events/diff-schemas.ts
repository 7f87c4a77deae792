import { isRecord } from "../../schema/config/faults.ts";
import { type Located, References, ROOT } from "../../workers/hub/events/json-schema/refs.ts";
import { TYPES, type TypeName } from "../../workers/hub/events/json-schema/values.ts";
import { alike, child, type Side, targetOf } from "./alike.ts";

/** Who is affected by a breaking change: producers whose events are now refused, or consumers that get what they did not expect. */
export type Party = "producers" | "consumers";

/** One change of a kind of event. */
export interface EventChange {
  /** The place in the payload; empty for the kind itself. */
  at: string;
  what: string;
  /** Empty if the change is compatible for both. */
  breaks: readonly Party[];
}

type Schema = Readonly<Record<string, unknown>>;

/** Keywords that bound a value. A higher bound accepts fewer values, or more. */
const LOWER = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const UPPER = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];

/** Keywords for which only a difference is noticed. */
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
    "minContains",
    "maxContains",
    "patternProperties",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "additionalProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
    "$dynamicRef",
  ],
];

const MAX_DEPTH = 30;

/** The effect of a change of a schema. It breaks producers if something is no longer accepted, and consumers if something new may come. */
export function compareSchemas(before: unknown, after: unknown): EventChange[] {
  const changes: EventChange[] = [];
  const [old, now] = [before, after].map((schema): Side => {
    const located: Located = { schema, place: undefined, base: ROOT };
    return { located, references: new References(located) };
  }) as [Side, Side];
  /** What is being compared, from the payload down to here: a schema may contain itself. */
  const under: (readonly [unknown, unknown])[] = [];
  compare(old, now, "", 0);
  return changes;

  function note(at: string, what: string, ...breaks: Party[]): void {
    changes.push({ at, what, breaks });
  }

  function compare(one: Side, other: Side, at: string, depth: number): void {
    if (depth > MAX_DEPTH || alike(one, other)) return;
    compareBeside(one, other, at);
    const [from, to] = [resolve(one), resolve(other)];
    const [a, b] = [from.located.schema, to.located.schema];
    if (alike(from, to) || under.some(([x, y]) => x === a && y === b)) return;
    if (!isRecord(a) || !isRecord(b)) {
      note(at, "has another schema", "producers", "consumers");
      return;
    }
    under.push([a, b]);
    compareTypes(a, b, at);
    compareBounds(a, b, at);
    for (const word of OPAQUE) {
      if (alike(only(from, word), only(to, word))) continue;
      note(at, `has another ${word}`, ...opaqueBreaks(a[word], b[word]));
    }
    compareMembers(from, to, at, depth);
    if (a.items !== undefined && b.items !== undefined)
      compare(child(from, a.items), child(to, b.items), `${at}[*]`, depth + 1);
    else if (a.items !== b.items) note(at, "has other items", ...opaqueBreaks(a.items, b.items));
    under.pop();
  }

  /** What stands beside a reference counts as well. Of that it is only seen that it differs. */
  function compareBeside(one: Side, other: Side, at: string): void {
    const [a, b] = [beside(one), beside(other)];
    if (a === undefined && b === undefined) return;
    if (alike(child(one, a ?? {}), child(other, b ?? {}))) return;
    note(at, "has other rules beside its $ref", ...opaqueBreaks(a, b));
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

  function compareMembers(one: Side, other: Side, at: string, depth: number): void {
    const [a, b] = [one.located.schema as Schema, other.located.schema as Schema];
    const [from, to] = [membersOf(a), membersOf(b)];
    const [wanted, wants] = [requiredOf(a), requiredOf(b)];
    for (const name of new Set([...Object.keys(from), ...Object.keys(to), ...wanted, ...wants])) {
      const here = `${at}.${name}`;
      const [was, is] = [Object.hasOwn(from, name), Object.hasOwn(to, name)];
      if (was && !is) {
        const closed = b.additionalProperties === false ? ["producers" as const] : [];
        note(here, "is no longer described", ...closed, "consumers");
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
      if (was && is) compare(child(one, from[name]), child(other, to[name]), here, depth + 1);
    }
  }
}

function resolve(side: Side): Side {
  let found = side;
  for (let steps = 0; steps < MAX_DEPTH; steps++) {
    const { schema } = found.located;
    const next = isRecord(schema) && typeof schema.$ref === "string" ? targetOf(found, schema.$ref) : undefined;
    if (next === undefined) return found;
    found = next;
  }
  return found;
}

/** One keyword of a schema alone. */
function only(side: Side, word: string): Side {
  const schema = side.located.schema as Schema;
  return child(side, schema[word] === undefined ? {} : { [word]: schema[word] });
}

/** Keywords that take and refuse nothing. */
const NOTES = ["title", "description", "examples", "default", "deprecated", "$comment", "$defs", "definitions", "$id"];

/** The rules beside a schema's reference; `undefined` without any. */
function beside({ located: { schema } }: Side): Schema | undefined {
  if (!isRecord(schema) || typeof schema.$ref !== "string") return undefined;
  const rules = Object.entries(schema).filter(([word]) => word !== "$ref" && !NOTES.includes(word));
  return rules.length === 0 ? undefined : Object.fromEntries(rules);
}

/** A new requirement breaks producers, a dropped one consumers, and a different one both. */
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
