import { at, isRecord, type Place } from "../../../../schema/config/faults.ts";

/** A schema within a document, with everything that is needed to compile it. */
export interface Located {
  readonly schema: unknown;
  readonly place: Place | undefined;
  /** The address that the schema's own `$id` is relative to: see {@link baseOf}. */
  readonly base: string;
}

/** The document's address if it has no `$id`. */
export const ROOT = "schema:///";

/** The keywords with one schema, with a list of schemas, and with schemas by name. */
const ONE = [
  ...["additionalProperties", "propertyNames", "items", "contains", "not", "if", "then", "else"],
  ...["unevaluatedProperties", "unevaluatedItems", "contentSchema"],
];
const LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const MAPS = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"];

/** The schemas directly below a schema, each with the keys that lead there. */
export function schemasBelow(
  schema: Readonly<Record<string, unknown>>,
): { keys: (string | number)[]; schema: unknown }[] {
  const found: { keys: (string | number)[]; schema: unknown }[] = [];
  for (const keyword of ONE)
    if (Object.hasOwn(schema, keyword)) found.push({ keys: [keyword], schema: schema[keyword] });
  for (const keyword of LISTS) {
    const list = Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
    if (Array.isArray(list)) found.push(...list.map((one, index) => ({ keys: [keyword, index], schema: one })));
  }
  for (const keyword of MAPS) {
    const map = Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
    if (isRecord(map)) found.push(...Object.entries(map).map(([key, one]) => ({ keys: [keyword, key], schema: one })));
  }
  return found;
}

const placeBelow = (place: Place | undefined, keys: readonly (string | number)[]): Place | undefined =>
  keys.reduce<Place | undefined>((parent, key) => at(parent, key), place);

/** All schemas of a document that a reference can name, by address. */
export class References {
  readonly #known = new Map<string, Located>();
  /** The number of schemas with a dynamic anchor of this name. */
  readonly #dynamic = new Map<string, number>();

  constructor(document: Located) {
    this.#known.set(document.base, document);
    this.#collect(document);
  }

  #collect(here: Located): void {
    const { schema, place } = here;
    if (!isRecord(schema)) return;
    const base = baseOf(here);
    if (typeof schema.$id === "string") this.#known.set(base, here);
    for (const word of ["$anchor", "$dynamicAnchor"]) {
      const anchor = Object.hasOwn(schema, word) ? schema[word] : undefined;
      if (typeof anchor !== "string") continue;
      this.#known.set(`${base}#${anchor}`, here);
      if (word === "$dynamicAnchor") this.#dynamic.set(anchor, (this.#dynamic.get(anchor) ?? 0) + 1);
    }
    for (const { keys, schema: one } of schemasBelow(schema))
      this.#collect({ schema: one, place: placeBelow(place, keys), base });
  }

  /** Whether the meaning of an anchor depends on the path that led to it. */
  isAmbiguous(reference: string): boolean {
    return (this.#dynamic.get(reference.slice(reference.indexOf("#") + 1)) ?? 0) > 1;
  }

  /** The schema that a reference names; `undefined` if it is not in the document. */
  find(reference: string, base: string): Located | undefined {
    const address = addressOf(reference, base);
    const hash = address.indexOf("#");
    const [document, fragment] = hash < 0 ? [address, ""] : [address.slice(0, hash), address.slice(hash + 1)];
    if (fragment !== "" && !fragment.startsWith("/")) return this.#known.get(`${document}#${decode(fragment)}`);
    const root = this.#known.get(document);
    return root && pointTo(root, fragment);
  }
}

function addressOf(reference: string, base: string): string {
  try {
    return new URL(reference, base).href.replace(/#$/, "");
  } catch {
    return reference;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Follows a JSON pointer. A schema on the way may have an address of its own. */
function pointTo(root: Located, pointer: string): Located | undefined {
  let found: Located = root;
  for (const part of pointer.split("/").slice(1)) {
    const key = decode(part).replaceAll("~1", "/").replaceAll("~0", "~");
    const { schema, place } = found;
    const next = Array.isArray(schema)
      ? schema[Number(key)]
      : isRecord(schema) && Object.hasOwn(schema, key)
        ? schema[key]
        : undefined;
    if (next === undefined) return undefined;
    found = { schema: next, place: at(place, Array.isArray(schema) ? Number(key) : key), base: baseOf(found) };
  }
  return found;
}

/** The base of the references and schemas inside a schema. */
export const baseOf = ({ schema, base }: Located): string =>
  isRecord(schema) && typeof schema.$id === "string" ? addressOf(schema.$id, base) : base;
