import { expect, test } from "vitest";
import { destinationNameFault, RESERVED_BINDINGS } from "../../schema/config/destinations/index.ts";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import { SETTING_NAMES } from "../../schema/vocabulary/settings.ts";

const names = SETTING_NAMES;

test("the reserved names are exactly the names of the Workers' settings", () => {
  expect([...RESERVED_BINDINGS].sort()).toEqual([
    "ACCESS_AUDIENCE",
    "ACCESS_OPERATORS",
    "ACCESS_TEAM",
    "CONFIRM_ABOVE",
    "DASHBOARD_NAME",
    "DATABASE_ENDPOINT",
    "DATABASE_URL",
    "DEMO_TOKEN",
    "DISPATCH",
    "ENVIRONMENT_COLOR",
    "ENVIRONMENT_NAME",
    "ENVIRONMENT_PRODUCTION",
    "EVENTHUB",
    "LOCAL_ACTOR",
    "METRICS_TOKEN",
    "OPERATOR",
    "OTLP_ENDPOINT",
    "OTLP_HEADERS",
    "OTLP_SAMPLE_RATE",
    "RECONCILE_GRACE_SECONDS",
  ]);
});

test.each(names)("%s is refused as the name of a destination or a webhook's secret", (name) => {
  expect(destinationNameFault(name)).toBe(`is the name of one of the hub's own bindings: ${name}`);
  const hook = { kind: "webhook", url: "https://example.com/", secrets: [name] };
  expect(() => parseRouteConfig({ destinations: { HOOK: hook }, routes: [] })).toThrow(
    "destinations.HOOK.secrets[0]: must be the name of one of the executor's secrets, and none of the hub's own",
  );
});
