import { isRecord } from "../../schema/config/faults.ts";
import type { JsonValue } from "../../schema/contract/index.ts";
import { baseOf, type Located, References, ROOT } from "../../workers/hub/events/json-schema/refs.ts";
import { TYPES, type TypeName } from "../../workers/hub/events/json-schema/values.ts";
import { compilePath, EVERY } from "../../workers/hub/routing/path/path.ts";

type Key = string | number | typeof EVERY;

/** What a schema says about a member: the schemas that describe it, and whether it may exist without a description. */
interface Described {
  found: Located[];
  open: boolean;
}

/** The possible values at a place: those of these types, or exactly these values. */
export interface Domain {
  types: ReadonlySet<TypeName>;
  values: readonly JsonValue[] | undefined;
}

/** Any JSON value. */
export const ANY: Domain = { types: new Set(TYPES), values: undefined };

/** The longest chain of references that is followed: a schema may refer to itself. */
const MAX_DEPTH = 12;

/** A JSON Schema, with what it says about paths. */
export class SchemaWalk {
  readonly #root: Located;
  readonly #references: References;

  constructor(schema: unknown) {
    this.#root = { schema, place: undefined, base: ROOT };
    this.#references = new References(this.#root);
  }

  /** The possible values at a JSONPath: `undefined` if there can be none, and anything if the schema leaves it open. */
  at(path: string): Domain | undefined {
    const { trail } = compilePath(path, 0);
    // For filters, slices and descendants, nothing is certain.
    if (trail === undefined) return ANY;
    let here: Located[] = [this.#root];
    for (const key of trail) {
      const next = here.map((one) => this.#member(one, key, 0) ?? { found: [], open: true });
      if (next.some(({ open }) => open)) return ANY;
      here = next.flatMap(({ found }) => found);
      if (here.length === 0) return undefined;
    }
    return union(here.map((one) => this.#domain(one, 0)));
  }

  /** The paths that the schema describes, in the form of routes, up to `most`. */
  paths(most: number): string[] {
    const paths: string[] = [];
    const visit = (here: Located, path: string, depth: number) => {
      for (const name of this.#names(here, 0)) {
        const below = this.#member(here, name, 0)?.found ?? [];
        const at = /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
        if (paths.length >= most) return;
        paths.push(at);
        if (depth < MAX_DEPTH / 2) for (const one of below) visit(one, at, depth + 1);
      }
    };
    visit(this.#root, "$", 0);
    return [...new Set(paths)];
  }

  /** The schemas that a schema refers to or combines: all of `all` must hold, and one of `any`. */
  #parts({ schema, place, base }: Located): { all: Located[]; any: Located[] } {
    if (!isRecord(schema)) return { all: [], any: [] };
    const inner = baseOf({ schema, place, base });
    const below = (one: unknown): Located => ({ schema: one, place, base: inner });
    const list = (word: string) => (Array.isArray(schema[word]) ? schema[word].map(below) : []);
    const refs = [schema.$ref, schema.$dynamicRef].flatMap((reference) =>
      typeof reference === "string" ? (this.#references.find(reference, inner) ?? []) : [],
    );
    const branches = [schema.then, schema.else].flatMap((one) => (one === undefined ? [] : below(one)));
    return { all: [...refs, ...list("allOf")], any: [...list("anyOf"), ...list("oneOf"), ...branches] };
  }

  /** `undefined` if the schema says nothing about members. */
  #member(here: Located, key: Key, depth: number): Described | undefined {
    const { schema } = here;
    if (schema === false || depth > MAX_DEPTH) return { found: [], open: false };
    if (!isRecord(schema)) return undefined;
    const own = typeof key === "string" ? this.#named(here, schema, key) : this.#inside(here, schema, key);
    const { all, any } = this.#parts(here);
    const others = [...all, ...any].map((one) => this.#member(one, key, depth + 1));
    // If one of several alternatives says nothing, everything is possible.
    if (any.length > 0 && others.slice(all.length).every((one) => one === undefined))
      return combine([own, ...others.slice(0, all.length)]);
    return combine([own, ...others]);
  }

  #named(here: Located, schema: Readonly<Record<string, unknown>>, key: string): Described | undefined {
    if (!mayBe(schema, "object")) return { found: [], open: false };
    const { properties, patternProperties, additionalProperties } = schema;
    const base = baseOf(here);
    const below = (one: unknown): Located => ({ schema: one, place: here.place, base });
    if (isRecord(properties) && Object.hasOwn(properties, key)) return { found: [below(properties[key])], open: false };
    if (isRecord(patternProperties) && Object.keys(patternProperties).length > 0) return { found: [], open: true };
    if (isRecord(additionalProperties) && Object.keys(additionalProperties).length > 0)
      return { found: [below(additionalProperties)], open: false };
    if (isRecord(additionalProperties) || additionalProperties === true) return { found: [], open: true };
    // Members that a schema does not name are not expected, although JSON Schema would allow them.
    return isRecord(properties) || additionalProperties === false ? { found: [], open: false } : undefined;
  }

  #inside(here: Located, schema: Readonly<Record<string, unknown>>, key: number | typeof EVERY): Described | undefined {
    const base = baseOf(here);
    const below = (one: unknown): Located => ({ schema: one, place: here.place, base });
    const first = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
    const items = schema.items === undefined ? [] : [schema.items];
    const members = key === EVERY && isRecord(schema.properties) ? Object.values(schema.properties) : [];
    const others = key === EVERY && isRecord(schema.additionalProperties) ? [schema.additionalProperties] : [];
    const found = [...first, ...items, ...members, ...others];
    if (found.length > 0) return { found: found.map(below), open: false };
    return mayBe(schema, "array") || (key === EVERY && mayBe(schema, "object"))
      ? undefined
      : { found: [], open: false };
  }

  #names(here: Located, depth: number): Set<string> {
    if (!isRecord(here.schema) || depth > MAX_DEPTH) return new Set();
    const own = isRecord(here.schema.properties) ? Object.keys(here.schema.properties) : [];
    const { all, any } = this.#parts(here);
    return new Set([...own, ...[...all, ...any].flatMap((one) => [...this.#names(one, depth + 1)])]);
  }

  #domain(here: Located, depth: number): Domain {
    const { schema } = here;
    if (schema === false) return { types: new Set(), values: [] };
    if (!isRecord(schema) || depth > MAX_DEPTH) return ANY;
    const { all, any } = this.#parts(here);
    const parts = all.map((one) => this.#domain(one, depth + 1));
    const alternatives =
      any.length === 0 || schema.then !== undefined || schema.else !== undefined
        ? []
        : [union(any.map((one) => this.#domain(one, depth + 1)))];
    return [...parts, ...alternatives].reduce(intersection, ownDomain(schema));
  }
}

const mayBe = (schema: Readonly<Record<string, unknown>>, type: TypeName): boolean => ownDomain(schema).types.has(type);

function ownDomain(schema: Readonly<Record<string, unknown>>): Domain {
  const given = schema.type === undefined ? TYPES : [schema.type].flat();
  const types = new Set(TYPES.filter((type) => given.includes(type)));
  if (types.has("number")) types.add("integer");
  const values = Object.hasOwn(schema, "const") ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : undefined;
  return { types, values: values as readonly JsonValue[] | undefined };
}

function combine(described: readonly (Described | undefined)[]): Described | undefined {
  const telling = described.filter((one) => one !== undefined);
  if (telling.length === 0) return undefined;
  return { found: telling.flatMap(({ found }) => found), open: telling.some(({ open }) => open) };
}

function intersection(one: Domain, other: Domain): Domain {
  const values = one.values ?? other.values;
  return { types: new Set([...one.types].filter((type) => other.types.has(type))), values };
}

function union(domains: readonly Domain[]): Domain {
  const types = new Set(domains.flatMap((domain) => [...domain.types]));
  const values = domains.every((domain) => domain.values !== undefined)
    ? domains.flatMap((domain) => domain.values ?? [])
    : undefined;
  return { types, values };
}
