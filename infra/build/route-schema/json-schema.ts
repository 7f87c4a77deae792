import type { JsonSchema } from "@valibot/to-json-schema";

/** A JSON Schema of draft 7, which every editor supports, with what editors show beside a value. */
export type Schema = JsonSchema & {
  /** A sentence for each value of `enum`. */
  enumDescriptions?: readonly string[];
  /** What an editor offers to insert. */
  defaultSnippets?: readonly { label: string; description: string; body: unknown }[];
};

/** An integer with its limits. */
export const integer = (minimum: number, maximum: number, description: string): Schema => ({
  type: "integer",
  minimum,
  maximum,
  description,
});

/** A text with at most so many Unicode code points, which JSON Schema counts, too. */
export const text = (maxLength: number, description: string): Schema => ({
  type: "string",
  minLength: 1,
  maxLength,
  description,
});

/** One of several words, each with its meaning. */
export const oneOf = (meanings: Readonly<Record<string, string>>, description: string): Schema => ({
  enum: Object.keys(meanings),
  enumDescriptions: Object.values(meanings),
  description,
});

/** `schema` for those values that satisfy the condition. */
export const when = (condition: Schema, schema: Schema, otherwise: Schema = {}): Schema => ({
  if: condition,
  // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
  then: schema,
  else: otherwise,
});
