import { afterEach, expect, test, vi } from "vitest";
import { routesOf } from "../../workers/hub/compiled-routes.ts";

afterEach(() => vi.restoreAllMocks());

/** What a producer or an operator is told about a configuration, and what the log says. */
function refusalOf(configuration: unknown, variable?: unknown): { told: string; logged: string } {
  const logged = vi.spyOn(console, "error").mockReturnValue();
  let told = "nothing";
  try {
    routesOf(configuration, { EVENTHUB_ROUTING: variable });
  } catch (error) {
    told = String(error);
  }
  return { told, logged: logged.mock.calls.join("\n") };
}

test("a faulty configuration is reported to the producer by place, and in the log with its faults but no secrets", () => {
  const { told, logged } = refusalOf({
    destinations: {
      HOOK: {
        kind: "webhook",
        url: "https://example.com/",
        secrets: ["KEY"],
        headers: { Authorization: "Bearer s3cr3t\u0001" },
      },
    },
    defaultMaxRetries: "many",
    routes: [{ destination: "HOOK", condition: { path: "$.a[", exact: "inner" } }],
  });
  expect(told).toBe(
    "EmitError: [misconfigured] the hub's route configuration has 3 faults, at defaultMaxRetries, " +
      "destinations.HOOK.headers.Authorization, routes[0].condition.path: see the hub's log, or run npx cf-eventhub-workflows routes check",
  );
  expect(logged).toContain('defaultMaxRetries: must be an integer from 0 to 1000, got \\"many\\"');
  expect(logged).not.toContain("s3cr3t");
});

test("a producer gets ten places of faults at most", () => {
  const routes = Array.from({ length: 12 }, () => ({ destination: "A", maxRetries: -1 }));
  const { told } = refusalOf({ routes });
  expect(told).toContain("has 12 faults, at routes[0].maxRetries, ");
  expect(told).toContain("routes[9].maxRetries, ...: see the hub's log");
});

test("the fault of a configuration that is not an object is at its top", () => {
  expect(refusalOf([]).told).toContain("the hub's route configuration has a fault, at its top: see the hub's log");
});

test("a variable that is not JSON is reported without its text, and no configuration at all with what to set", () => {
  const { told, logged } = refusalOf(undefined, '{"Authorization": s3cr3t');
  expect(told).toBe(
    "MisconfiguredError: [misconfigured] EVENTHUB_ROUTING is not JSON; it must hold a small route configuration as JSON; put a large one into a module of the Worker",
  );
  expect(logged).not.toContain("s3cr3t");
  expect(refusalOf(undefined).told).toBe(
    "MisconfiguredError: [misconfigured] no route configuration; the Worker's class needs `protected override readonly configuration = routing`, with routing imported from routing.json; or put a small configuration into the variable EVENTHUB_ROUTING",
  );
});

test("a configuration without routes is accepted, with one line in the log", () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue(undefined);
  const empty = { routes: [] };
  expect(routesOf(empty, {}).config.routes).toEqual([]);
  routesOf(empty, {});
  expect(warn.mock.calls).toEqual([['{"event":"configuration.no_routes"}']]);
});
