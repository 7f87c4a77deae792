import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { Faults } from "../../schema/config/faults.ts";
import type { JsonValue } from "../../schema/contract/index.ts";
import { compileJsonSchema } from "../../workers/hub/events/json-schema/compile.ts";

const require = createRequire(import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(require.resolve(path), "utf8"));

/** Real payloads of GitHub, by kind, and the schemas from which their published types are made. */
const examples: { name: string; examples: Record<string, JsonValue>[] }[] = read(
  "@octokit/webhooks-examples/api.github.com/index.json",
);
const published: { definitions: Record<string, unknown> } = read("@octokit/webhooks-schemas/schema.json");

/** Read as 2020-12: the schemas are of draft 7, but use nothing whose meaning has changed. */
const definitions = JSON.parse(
  JSON.stringify(published.definitions, (key, value) => (key === "$schema" ? undefined : value)),
);

test("GitHub's payloads fit the schemas of their published types, but for those that lack what these require", () => {
  const ajv = new Ajv({ strict: false, validateFormats: false }).addSchema({ $id: "github", definitions });
  const other: string[] = [];
  const count = { fit: 0, lacking: 0 };
  for (const { name, examples: payloads } of examples) {
    const definition = [`${name}_event`, `${name}$event`].find((key) => Object.hasOwn(definitions, key));
    const faults = new Faults();
    const schema = { $ref: `#/definitions/${definition}`, definitions };
    const check = compileJsonSchema(schema, undefined, faults, { formats: false });
    expect([name, faults.list]).toEqual([name, []]);
    for (const payload of payloads) {
      const found = check(payload);
      // A library that compiles schemas agrees with us on each payload.
      expect([name, ajv.validate(`github#/definitions/${definition}`, payload)]).toEqual([name, found === undefined]);
      if (found === undefined) count.fit++;
      // Most were recorded before GitHub had all the members that the schemas require, such as repository.custom_properties.
      else if (found.some(({ message }) => message === "is required")) count.lacking++;
      else other.push(`${name}: ${found[0]?.path.join(".")}: ${found[0]?.message}`);
    }
  }
  expect({ ...count, other }).toEqual({
    fit: 277,
    lacking: 50,
    other: [
      "deployment_status: deployment_status.environment_url: must fit one of 2 schemas, but fits 2",
      'sponsorship: action: must be "pending_cancellation"',
    ],
  });
}, 240_000);
