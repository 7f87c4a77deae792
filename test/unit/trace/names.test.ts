import * as conventions from "@opentelemetry/semantic-conventions/incubating";
import { expect, test } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };
import { ATTRIBUTES, OWN_ATTRIBUTES, SEMANTIC_CONVENTIONS_VERSION, SYSTEM } from "../../../schema/trace/span.ts";

test("span attributes are those of OpenTelemetry's pinned conventions, or in the namespace for a system's own", () => {
  expect(packageJson.devDependencies["@opentelemetry/semantic-conventions"]).toBe(SEMANTIC_CONVENTIONS_VERSION);
  const known = Object.entries(conventions).flatMap(([name, value]) => (name.startsWith("ATTR_") ? [value] : []));
  expect(known).toEqual(expect.arrayContaining(Object.values(ATTRIBUTES)));
  for (const name of Object.values(OWN_ATTRIBUTES))
    expect(name).toMatch(new RegExp(`^messaging\\.${SYSTEM}\\.[a-z_.]+$`));
  expect(["send", "process"]).toEqual([
    conventions.MESSAGING_OPERATION_TYPE_VALUE_SEND,
    conventions.MESSAGING_OPERATION_TYPE_VALUE_PROCESS,
  ]);
});
