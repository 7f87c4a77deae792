import { expect, test } from "vitest";
import type { Destination } from "../../../schema/config/destinations/index.ts";
import { parseRouteConfig } from "../../../schema/config/routes.ts";
import { DEFAULT_HEALTH } from "../../../schema/vocabulary/destination-states.ts";
import type { ConsoleContext } from "../../../workers/console/env.ts";
import { ConfigurationPanel } from "../../../workers/console/pages/destinations/ConfigurationPanel.tsx";

/** What the console says of a destination that is configured in this way, name by name. */
function factsOf(written: object, more: object = {}): Record<string, string> {
  const config = parseRouteConfig({ destinations: { A: written }, routes: [] });
  const A = { ...config.destinations.A, ...more } as Destination;
  const panel = ConfigurationPanel({
    c: { env: {} } as ConsoleContext,
    destination: { name: "A", rules: DEFAULT_HEALTH },
    config: { ...config, destinations: { A } },
  });
  const facts = String(panel).matchAll(/<dt>(.*?)<\/dt><dd[^>]*>(.*?)<\/dd>/g);
  return Object.fromEntries([...facts].map(([, name = "", text = ""]) => [name, text.replaceAll(/<[^>]+>/g, "")]));
}

test("a webhook's address and headers are not shown, since they may hold a secret", () => {
  const facts = factsOf({
    kind: "webhook",
    url: "https://shop.example/hook/4711",
    secrets: ["HOOK"],
    headers: { Authorization: "4711" },
    allowHosts: ["shop.example"],
  });
  expect(facts).toMatchObject({ Host: "shop.example", "Signed with": "HOOK", Headers: "Authorization" });
  expect(JSON.stringify(facts)).not.toContain("4711");
});

test.each<[object, Record<string, string>]>([
  [
    { batch: true, format: "cloudevents" },
    { Gets: "CloudEvents", Calls: "handleBatch, many dispatches at once" },
  ],
  [{ kind: "r2", prefix: "a/" }, { "Keys begin with": "a/" }],
  [{ kind: "queue" }, {}],
])("the settings of %j have words", (written, words) => {
  const common = ["A Workflow instance", "Workflow", "Breaker", "Once resumed", "Its state"];
  const facts = factsOf(written);
  expect(Object.keys(facts)).toEqual([...Object.keys(words), ...common]);
  expect(facts).toMatchObject(words);
});
