import { describe, expect, test } from "vitest";
import { type Destinations, EventHub, type EventHubArgs } from "../../../infra/cloudflare/event-hub.ts";
import { joinNames, nameOfQueue, ownWorkflowName } from "../../../infra/cloudflare/names.ts";
import { MAX_RESOURCE_NAME_LENGTH } from "../../../schema/vocabulary/limits.ts";
import { MAX_WORKFLOW_NAME_LENGTH } from "../../../schema/vocabulary/platform-limits.ts";
import { type Registered, runProgram } from "../../support/pulumi.ts";
import { openBindings } from "../../support/pulumi-stack.ts";

/** A program that may give a name, with everything that has one. */
const program = (args: Partial<EventHubArgs<Destinations>>) =>
  new EventHub<Destinations>("eventhub", {
    accountId: "account",
    databaseUrl: "postgresql://hub:password@host/eventhub",
    destinations: { ORDERS: { kind: "worker", service: "orders", workflow: {} } },
    routes: [{ destination: "ORDERS" }],
    console: { access: { team: "acme", allow: ["ada@example.com"] } },
    ...args,
  });

/** Every name in the account, of resources and in bindings. */
function namesOf(resources: readonly Registered[]): string[] {
  const made = resources.flatMap(({ type, inputs }) => {
    if (/:(Worker|ZeroTrustAccessApplication|ZeroTrustAccessPolicy)$/.test(type)) return [String(inputs.name)];
    return type.endsWith(":Queue")
      ? [String(inputs.queueName)]
      : type.endsWith(":Workflow")
        ? [String(inputs.workflowName)]
        : [];
  });
  const bound = resources
    .filter(({ type }) => type.endsWith(":WorkerVersion"))
    .flatMap(({ inputs }) => openBindings(inputs.bindings))
    .flatMap(({ queueName, workflowName }) =>
      [queueName, workflowName].filter((name) => name !== undefined).map(String),
    );
  return [...new Set([...made, ...bound])].sort();
}

const named = (name: string) => [
  `${name}-console`,
  `${name}-console: operators`,
  `${name}-dispatch`,
  `${name}-dispatch-ORDERS`,
  `${name}-dispatches`,
  `${name}-executor`,
  `${name}-hub`,
];

describe("an EventHub without a name", () => {
  test("is named after resource, project and stack, so that two stacks of one program share nothing", async () => {
    const dev = namesOf(await runProgram(() => program({}), { stack: "dev" }));
    const prod = namesOf(await runProgram(() => program({}), { stack: "prod" }));
    expect(dev).toEqual(named(joinNames("eventhub", "cf-eventhub", "dev")));
    expect(prod).toEqual(named(joinNames("eventhub", "cf-eventhub", "prod")));
    expect(dev.filter((name) => prod.includes(name))).toEqual([]);
  });

  test("keeps the names of an existing deployment, which come from the resource alone", async () => {
    // As an earlier version has deployed it.
    const deployed = await runProgram(() => program({ name: "eventhub" }), { stack: "prod" });
    const now = await runProgram(() => program({}), { stack: "prod", deployed });
    expect(namesOf(now)).toEqual(named("eventhub"));
    const inputs = (resources: readonly Registered[]) =>
      resources
        .map(({ type, name, inputs }) => [`${type} ${name}`, inputs] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1));
    expect(inputs(now)).toEqual(inputs(deployed));
  });

  test("gets the name that the program sets later, whatever it had", async () => {
    const deployed = await runProgram(() => program({}), { stack: "prod" });
    expect(namesOf(await runProgram(() => program({ name: "shop" }), { stack: "prod", deployed }))).toEqual(
      named("shop"),
    );
  });
});

describe("names that are joined", () => {
  test("stay unchanged if they are unambiguous", () => {
    expect(joinNames("eventhub", "shop", "dev2")).toBe("eventhub-shop-dev2");
  });

  test("get a hash if dashes would make them equal", () => {
    const [one, other] = [joinNames("eventhub", "shop-eu", "prod"), joinNames("eventhub", "shop", "eu-prod")];
    expect(one).toMatch(/^eventhub-shop-eu-prod-[0-9a-f]{8}$/);
    expect(other).toMatch(/^eventhub-shop-eu-prod-[0-9a-f]{8}$/);
    expect(one).not.toBe(other);
    expect(joinNames("eventhub", "Shop", "prod")).toMatch(/^eventhub-shop-prod-[0-9a-f]{8}$/);
  });

  test("are shortened with a hash beyond the maximum length", () => {
    const project = "p".repeat(MAX_RESOURCE_NAME_LENGTH - "eventhub-".length - "-dev".length);
    expect(joinNames("eventhub", project, "dev")).toBe(`eventhub-${project}-dev`);
    const longer = joinNames("eventhub", `${project}p`, "dev");
    expect(longer).toHaveLength(MAX_RESOURCE_NAME_LENGTH);
    expect(longer).toMatch(/^eventhub-p+-[0-9a-f]{8}$/);
    expect(longer).not.toBe(joinNames("eventhub", `${project}pp`, "dev"));
  });

  test.each([
    ["1hub", "2", "3"],
    ["événement", "_", "."],
    ["-", "--", "___"],
    ["x".repeat(200), "y".repeat(100), "z"],
  ])("of %s, %s and %s are valid in the account", (resource, project, stack) => {
    const name = joinNames(resource, project, stack);
    expect(name).toMatch(/^[a-z]([a-z0-9-]*[a-z0-9])?$/);
    expect(name.length).toBeLessThanOrEqual(MAX_RESOURCE_NAME_LENGTH);
  });
});

test("the name of a destination's own Workflow is shortened with a hash above the limit", () => {
  const room = MAX_WORKFLOW_NAME_LENGTH - "eventhub-dispatch-".length;
  expect(ownWorkflowName("eventhub", "L".repeat(room))).toBe(`eventhub-dispatch-${"L".repeat(room)}`);
  const [one, other] = ["A", "B"].map((end) => ownWorkflowName("eventhub", `${"L".repeat(room)}${end}`));
  expect(one).toHaveLength(MAX_WORKFLOW_NAME_LENGTH);
  expect(one).toMatch(/^eventhub-dispatch-L+-[0-9a-f]{8}$/);
  expect(other).not.toBe(one);
});

test("the hub's name comes from that of its queue, and is required if the queue's has another form", () => {
  expect(nameOfQueue("shop-dispatches")).toBe("shop");
  expect(() => nameOfQueue("jobs")).toThrow(
    "name: is required, since the queue's own (jobs) does not end with -dispatches",
  );
});
