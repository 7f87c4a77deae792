import type { StandardSchemaV1 } from "@standard-schema/spec";

/** The extension of Standard Schema that some libraries have. @see https://standardschema.dev/json-schema */
interface SaysJsonSchema {
  jsonSchema?: { input?(options: { target: string }): unknown };
}

/** The input of a Standard Schema as JSON Schema 2020-12, if its library can provide that. */
export function jsonSchemaOf(schema: StandardSchemaV1): unknown {
  try {
    return (schema["~standard"] as SaysJsonSchema).jsonSchema?.input?.({ target: "draft-2020-12" });
  } catch {
    // JSON Schema cannot express everything that a schema may contain.
    return undefined;
  }
}
