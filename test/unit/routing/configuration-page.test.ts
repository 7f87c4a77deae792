import { expect, test } from "vitest";
import { NAME } from "../../../infra/build/route-schema/destinations.ts";
import type { Schema } from "../../../infra/build/route-schema/json-schema.ts";
import { routeSchema } from "../../../infra/build/route-schema/schema.ts";
import { MAX_DESTINATION_NAME_LENGTH } from "../../../schema/vocabulary/limits.ts";
import { cell, n, table } from "../../support/made-page.ts";

const schema = routeSchema();
const definitions = schema.definitions as Record<string, Schema>;

/** The parts with a section of their own, and their headings. */
const SECTIONS: Readonly<Record<string, string>> = {
  route: "Route",
  condition: "Condition",
  destination: "Destination",
  event: "Event",
  retryDelay: "Retry delay",
};

const of = (part: unknown): Schema => part as Schema;
const membersOf = ({ properties = {} }: Schema) =>
  Object.entries(properties).map(([name, part]) => [name, of(part)] as const);

/** "1 to 100", "at most 100", "at least 1", or nothing. */
function bounds(min: number | undefined, max: number | undefined, unit = ""): string {
  if (max === undefined) return min === undefined ? "" : `at least ${n(min)}${unit}`;
  return min === undefined || (min === 0 && unit !== "") ? `at most ${n(max)}${unit}` : `${n(min)} to ${n(max)}${unit}`;
}

const limited = (type: string, limits: string) => (limits === "" ? type : `${type}, ${limits}`);

/** The type of a value. */
function typeOf(part: Schema): string {
  const { $ref, type, enum: words, const: only, anyOf, oneOf, allOf } = part;
  if ($ref !== undefined) {
    const name = $ref.slice($ref.lastIndexOf("/") + 1);
    return `[${SECTIONS[name]?.toLowerCase()}](#${SECTIONS[name]?.toLowerCase().replaceAll(" ", "-")})`;
  }
  if (only !== undefined) return `\`${JSON.stringify(only)}\``;
  if (words !== undefined) return words.map((word) => `\`${JSON.stringify(word)}\``).join(", ");
  if (part.pattern === NAME.pattern) return "[name](#names)";
  const several = (anyOf ?? oneOf ?? allOf)?.map(of);
  if (type === undefined && several !== undefined) return [...new Set(several.map(choiceOf))].join(", or ");
  if (Array.isArray(type)) return type.join(", ");
  if (type === "string") return limited("text", textLimits(part));
  if (type === "array") {
    const length = bounds(part.minItems, part.maxItems);
    return `list of ${length === "" ? "" : `${length}: `}${part.items === undefined ? "values" : typeOf(of(part.items))}`;
  }
  if (type === "object") return objectType(part);
  return limited(type ?? "any value", bounds(part.minimum, part.maximum));
}

/** One of several types. The members of an object are named, since they have no rows of their own. */
function choiceOf(part: Schema): string {
  const names = membersOf(part).map(([name]) => `\`${name}\``);
  return names.length === 0 ? typeOf(part) : `object of ${names.join(", ")}`;
}

function textLimits({ minLength, maxLength, pattern }: Schema): string {
  const length = minLength === 1 && maxLength === undefined ? "not empty" : bounds(minLength, maxLength, " characters");
  return [length, pattern === undefined ? "" : `matches \`${pattern}\``].filter((limit) => limit !== "").join(", ");
}

/** The members have rows of their own, or names that the user chooses. */
function objectType({ additionalProperties, maxProperties, propertyNames }: Schema): string {
  if (typeof additionalProperties !== "object") return "object";
  const most = maxProperties === undefined ? "" : ` of at most ${n(maxProperties)} members`;
  const names = propertyNames === undefined ? "" : ` by ${typeOf({ type: "string", ...of(propertyNames) })}`;
  return `object${most}${names}; each: ${typeOf(of(additionalProperties))}`;
}

/** A part's meaning, and that of each word that it may be. */
function meaningOf({ description = "", enum: words = [], enumDescriptions = [] }: Schema): string {
  const each = enumDescriptions.map((meaning, at) => ` \`${words[at]}\`: ${meaning}`);
  return cell(`${description}${each.join("")}`);
}

type Row = readonly string[];

/** A member's row, and those of the members within it. */
function rowsOf(name: string, part: Schema, required: boolean): Row[] {
  const otherwise = part.default === undefined ? "" : `\`${JSON.stringify(part.default)}\``;
  const row = [name, cell(typeOf(part)), required ? "required" : otherwise, meaningOf(part)];
  const within = part.type === "array" ? of(part.items ?? {}) : part;
  const prefix = part.type === "array" ? `${name}[]` : name;
  return [row, ...(within.type === "object" ? tableOf(within, `${prefix}.`) : [])];
}

const tableOf = (part: Schema, prefix = ""): Row[] =>
  membersOf(part).flatMap(([name, member]) =>
    rowsOf(`${prefix}${name}`, member, part.required?.includes(name) ?? false),
  );

const HEAD = ["member", "type and limits", "default", "meaning"];
const definition = (name: string): Schema => definitions[name] ?? {};

/** Every kind of destination, with its settings. */
const kinds = (definition("destination").allOf ?? []).map((part) => of(of(part).then));
const nameOf = (kind: Schema) => String(of(kind.properties?.kind).const ?? "worker");

/** The rows of the settings of destinations, each with the kinds that have it. */
function destinationRows(): Row[] {
  const seen = new Map<string, { row: Row; kinds: string[] }>();
  for (const kind of kinds) {
    const required = (name: string) => kind.required?.includes(name) ?? false;
    for (const [name, part] of membersOf(kind).filter(([name]) => name !== "kind"))
      for (const row of rowsOf(name, part, required(name))) {
        const key = row.join("|");
        seen.set(key, { row, kinds: [...(seen.get(key)?.kinds ?? []), nameOf(kind)] });
      }
  }
  const told = (has: readonly string[]) => {
    const lacking = kinds.map(nameOf).filter((name) => !has.includes(name));
    if (lacking.length === 0) return "all";
    return lacking.length === 1 ? `all but ${lacking[0]}` : has.join(", ");
  };
  return [...seen.values()].map(({ row: [name = "", ...rest], kinds: has }) => [name, told(has), ...rest]);
}

function retryDelayRows(): Row[] {
  const kinds = (definition("retryDelay").oneOf ?? []).map(of);
  return kinds.flatMap((kind) => tableOf(kind).map(([name = "", ...rest]) => [name, ...rest]));
}

/** The page, made of the schema with which editors complete and check a configuration. */
const page = `# The route configuration, member by member

What may a route configuration contain? This page is made of the code, as is \`routing.schema.json\`, by which editors complete and check a
configuration. [Routes](README.md) explains it with examples. A member that is not listed is refused. A member without a default may be left out,
unless it is required. Lengths of text are in Unicode code points.

${table(HEAD, tableOf(schema))}

## Route

${table(HEAD, tableOf(definition("route")))}

## Condition

A condition is either \`allOf\`, \`anyOf\` or \`not\` alone, or a \`path\` with exactly one operator. [Conditions](README.md#conditions) says what each
operator answers for each value.

${table(HEAD, tableOf(definition("condition")))}

## Destination

[Destinations](../../../workflows/kinds/README.md) says what each kind does with an event. A destination that is not declared is a \`worker\`.

${table(["member", "kinds", ...HEAD.slice(1)], [["kind", "all", ...(rowsOf("kind", of(definition("destination").properties?.kind), false)[0] ?? []).slice(1)], ...destinationRows()])}

## Retry delay

${cell(definition("retryDelay").description ?? "")}

${table(HEAD, retryDelayRows())}

## Event

[Define your events](../events/README.md) explains these.

${table(HEAD, tableOf(definition("event")))}

## Names

The name of a destination, of a binding or of a secret has 1 to ${n(MAX_DESTINATION_NAME_LENGTH)} letters, digits and \`_\`, and does not begin with a
digit. It is not the name of a binding or variable of the hub's own Workers, and does not begin with \`EVENTHUB_\`.
`;

test("the page of the configuration is generated from the schema", async () => {
  await expect(page).toMatchFileSnapshot("../../../workers/hub/routing/configuration.md");
});

test("every member has a description", () => {
  const rows = [schema, ...Object.values(definitions)].flatMap((part) => tableOf(part));
  expect(rows.filter(([, , , meaning]) => meaning === "")).toEqual([]);
  expect(destinationRows().filter(([, , , , meaning]) => meaning === "")).toEqual([]);
});
