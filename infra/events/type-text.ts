import { isRecord } from "../../schema/config/faults.ts";
import { type Located, References, ROOT } from "../../workers/hub/events/json-schema/refs.ts";

/** A recursive reference ends as `unknown`. */
const MAX_DEPTH = 12;

/** The TypeScript type of what a JSON Schema accepts, as far as types can express it. */
export function typeText(schema: unknown, indent: string): string {
  const root: Located = { schema, place: undefined, base: ROOT };
  return new TypeWriter(new References(root)).write(schema, indent, 0);
}

class TypeWriter {
  readonly #references: References;

  constructor(references: References) {
    this.#references = references;
  }

  write(schema: unknown, indent: string, depth: number): string {
    if (schema === false) return "never";
    if (!isRecord(schema) || depth > MAX_DEPTH) return "unknown";
    if (Object.hasOwn(schema, "const")) return JSON.stringify(schema.const);
    if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(" | ") || "never";
    const parts = [this.#own(schema, indent, depth), ...this.#combined(schema, indent, depth)].filter(
      (part) => part !== "unknown",
    );
    return parts.length === 0
      ? "unknown"
      : parts.length === 1
        ? (parts[0] ?? "unknown")
        : parts.map((part) => `(${part})`).join(" & ");
  }

  #combined(schema: Readonly<Record<string, unknown>>, indent: string, depth: number): string[] {
    const { $ref, allOf, anyOf, oneOf } = schema;
    const target = typeof $ref === "string" ? this.#references.find($ref, ROOT)?.schema : undefined;
    const list = (given: unknown) =>
      Array.isArray(given) ? given.map((one) => this.write(one, indent, depth + 1)) : [];
    const unions = [anyOf, oneOf].flatMap((given) =>
      Array.isArray(given) ? [[...new Set(list(given))].join(" | ")] : [],
    );
    return [...(target === undefined ? [] : [this.write(target, indent, depth + 1)]), ...list(allOf), ...unions];
  }

  #own(schema: Readonly<Record<string, unknown>>, indent: string, depth: number): string {
    const types = schema.type === undefined ? [] : [schema.type].flat();
    if (types.length === 0 && isRecord(schema.properties)) return this.#object(schema, indent, depth);
    const texts = types.map((type) => {
      if (type === "object") return this.#object(schema, indent, depth);
      if (type === "array") return this.#array(schema, indent, depth);
      return type === "integer" ? "number" : String(type);
    });
    return texts.length === 0 ? "unknown" : [...new Set(texts)].join(" | ");
  }

  #array({ items, prefixItems }: Readonly<Record<string, unknown>>, indent: string, depth: number): string {
    const rest = items === undefined ? "unknown" : this.write(items, indent, depth + 1);
    if (!Array.isArray(prefixItems)) return `(${rest})[]`;
    return `[${[...prefixItems.map((one) => this.write(one, indent, depth + 1)), `...(${rest})[]`].join(", ")}]`;
  }

  #object(schema: Readonly<Record<string, unknown>>, indent: string, depth: number): string {
    const { properties, required, additionalProperties } = schema;
    const inner = `${indent}  `;
    const wanted = new Set(Array.isArray(required) ? required : []);
    const members = Object.entries(isRecord(properties) ? properties : {}).map(([name, one]) => {
      const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
      return `${inner}${key}${wanted.has(name) ? "" : "?"}: ${this.write(one, inner, depth + 1)};`;
    });
    if (members.length > 0) return `{\n${members.join("\n")}\n${indent}}`;
    const value = isRecord(additionalProperties) ? this.write(additionalProperties, inner, depth + 1) : "unknown";
    return `Record<string, ${value}>`;
  }
}
