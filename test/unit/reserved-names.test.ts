import { expect, test } from "vitest";
import { destinationNameFault, RESERVED_BINDINGS } from "../../schema/config/destinations/index.ts";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import { readInterface } from "../support/read-interface.ts";

const environments = [
  { file: "workers/hub/env.ts", name: "HubEnv" },
  { file: "workflows/env.ts", name: "ExecutorEnv" },
  { file: "workers/console/env.ts", name: "ConsoleBindings" },
  { file: "workers/demo/env.ts", name: "DemoEnv" },
];
const names = [...new Set(environments.flatMap(({ file, name }) => readInterface(file, name).map((one) => one.name)))];

test("the reserved names are those that the Workers' environments have, no more and no fewer", () => {
  const listed = [...RESERVED_BINDINGS].sort();
  expect(listed).toEqual(names.filter((name) => !name.startsWith("EVENTHUB_")).sort());
});

test.each(names)("%s is no destination's name, and no webhook secret's", (name) => {
  expect(destinationNameFault(name)).toBe(`is the name of one of the hub's own bindings: ${name}`);
  const hook = { kind: "webhook", url: "https://example.com/", secrets: [name] };
  expect(() => parseRouteConfig({ destinations: { HOOK: hook }, routes: [] })).toThrow(
    "destinations.HOOK.secrets[0]: must be the name of a secret of the executor's, and none of the hub's own",
  );
});
