import type { StandardSchemaV1 } from "@standard-schema/spec";

/** What some libraries add to a Standard Schema. @see https://standardschema.dev/json-schema */
interface SaysJsonSchema {
  jsonSchema?: { input?(options: { target: string }): unknown };
}

/** What a Standard Schema takes, as JSON Schema 2020-12, if its library can say so. */
export function jsonSchemaOf(schema: StandardSchemaV1): unknown {
  try {
    return (schema["~standard"] as SaysJsonSchema).jsonSchema?.input?.({ target: "draft-2020-12" });
  } catch {
    // A schema may hold what JSON Schema has no words for.
    return undefined;
  }
}
