import { describe, expect, test } from "vitest";
import {
  type Destinations,
  EventHub,
  type EventHubArgs,
  EventHubRefused,
} from "../../../infra/cloudflare/event-hub.ts";
import { runProgram } from "../../support/pulumi.ts";

const databaseUrl = "postgresql://hub:password@host/eventhub";
const ORDERS = { kind: "worker", service: "orders" } as const;

/** A value that a program in plain JavaScript may pass, whatever the types say. */
const untyped = (value: unknown) => value as never;

/** A refusal by the preview: its faults, and the resources that were requested before. */
interface Refusal {
  faults: [path: string, message: string][];
  message: string;
  resources: string[];
}

/** How the preview refuses a program. */
async function refusalOf(program: () => unknown): Promise<Refusal> {
  let refused: unknown;
  const attempt = () => {
    try {
      program();
    } catch (error) {
      refused = error;
    }
  };
  const resources = await runProgram(attempt, { preview: true });
  if (!(refused instanceof EventHubRefused)) throw new Error(`not refused: ${refused}`);
  const faults = refused.faults.map(({ path, message }): [string, string] => [path, message]);
  return { faults, message: refused.message, resources: resources.map(({ type }) => type) };
}

/** How the preview refuses an EventHub with `args` in place of good ones. */
const refusal = (args: object) =>
  refusalOf(
    () =>
      new EventHub<Destinations>("eventhub", {
        accountId: "account",
        databaseUrl,
        destinations: { ORDERS },
        routes: [{ destination: "ORDERS" }],
        ...(args as Partial<EventHubArgs<Destinations>>),
      }),
  );

test("a transform with a syntax error, or on a route without a name, is refused with its place", async () => {
  const { faults } = await refusal({
    routes: [
      { name: "a", destination: "ORDERS", transform: '{ "a": ' },
      { destination: "ORDERS", transform: "$" },
      { name: "b", destination: "ORDERS", transform: "$map(items, function($i) { $i.price })" },
    ],
    destinations: { ORDERS: { ...ORDERS, format: "xml" } },
  });
  expect(faults).toEqual([
    ["destinations.ORDERS.format", 'must be "cloudevents", got "xml"'],
    ["routes[1].name", "is required with a transform: a dispatch finds its route again by its name"],
    ["routes[0].transform", 'is not JSONata: Expected "}" before end of expression (at character 7)'],
  ]);
});

const GOOD_SECRET = "whsec_bmV3LXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==";

describe("the types and the preview agree", () => {
  test("on a route to a destination that does not exist", async () => {
    const { faults } = await refusalOf(
      () =>
        new EventHub("eventhub", {
          accountId: "account",
          databaseUrl,
          destinations: { ORDERS },
          // @ts-expect-error NOWHERE is not among the destinations
          routes: [{ destination: "ORDERS" }, { destination: "NOWHERE" }],
        }),
    );
    expect(faults).toEqual([["routes[1].destination", 'is not a declared destination (ORDERS): "NOWHERE"']]);
  });

  test("on such a route, too, if a function makes the destinations", async () => {
    const { faults } = await refusalOf(
      () =>
        new EventHub("eventhub", {
          accountId: "account",
          databaseUrl,
          destinations: ({ service }) => ({ ORDERS: { kind: "worker", service } }),
          // @ts-expect-error NOWHERE is not among the destinations
          routes: [{ destination: "ORDERS" }, { destination: "NOWHERE" }],
        }),
    );
    expect(faults).toEqual([["routes[1].destination", 'is not a declared destination (ORDERS): "NOWHERE"']]);
  });

  test("on a destination of an unknown kind", async () => {
    // @ts-expect-error there is no such kind
    const destinations: Destinations = { ORDERS: { kind: "carrier-pigeon", service: "orders" } };
    const { faults } = await refusal({ destinations });
    expect(faults).toEqual([["destinations.ORDERS.kind", expect.stringMatching(/^must be .*"carrier-pigeon"$/)]]);
  });

  test("on a destination without its target, or with the target of another kind", async () => {
    // @ts-expect-error a Worker needs its name
    const targetless: Destinations = { ORDERS: { kind: "worker" } };
    expect((await refusal({ destinations: targetless })).faults).toEqual([
      ["destinations.ORDERS.service", "must be a name, got nothing"],
    ]);
    // @ts-expect-error a bucket has no service
    const mixed: Destinations = { ORDERS: { kind: "r2", bucket: "b", service: "orders" } };
    expect((await refusal({ destinations: mixed })).faults).toEqual([
      ["destinations.ORDERS.service", "is not a known key"],
    ]);
    expect((await refusal({ destinations: { ORDERS: { kind: "r2", bucket: "" } } })).faults).toEqual([
      ["destinations.ORDERS.bucket", 'must be a name, got ""'],
    ]);
  });

  test("on a setting that does not exist or is out of range", async () => {
    // @ts-expect-error maxRetries is a route's; the configuration has defaultMaxRetries
    const settings: EventHubArgs<Destinations>["settings"] = { maxRetries: 1 };
    expect((await refusal({ settings })).faults).toEqual([["settings.maxRetries", "is not a known key"]]);
    const indexes: EventHubArgs<Destinations>["settings"] = { indexes: ["$.order.id", "$.items[*].sku"] };
    expect((await refusal({ settings: indexes })).faults).toEqual([
      ["settings.indexes[1]", expect.stringMatching(/^must be a JSONPath of names and indexes/)],
    ]);
    expect((await refusal({ settings: { defaultMaxRetries: 1_001 } })).faults).toEqual([
      ["settings.defaultMaxRetries", "must be an integer from 0 to 1000, got 1001"],
    ]);
  });

  test("on an argument that does not exist", async () => {
    // @ts-expect-error it is called routes
    const misspelt: Partial<EventHubArgs<Destinations>> = { routs: [] };
    expect((await refusal(misspelt)).faults).toEqual([["routs", "is not a known key"]]);
    // @ts-expect-error it is called events
    const preview: EventHubArgs<Destinations>["routePreview"] = { against: {}, evnts: 5 };
    expect((await refusal({ routePreview: preview })).faults).toEqual([["routePreview.evnts", "is not a known key"]]);
    expect((await refusal({ routePreview: 5 })).faults).toEqual([
      ["routePreview", "must be an object such as { against: configuration }, got 5"],
    ]);
  });

  test("on a Workflow setting that does not exist or is out of range", async () => {
    // @ts-expect-error it is called concurrency
    const workflow: EventHubArgs<Destinations>["workflow"] = { limit: 1 };
    expect((await refusal({ workflow })).faults).toEqual([["workflow.limit", "is not a known key"]]);
    const own = (workflow: unknown) => refusal({ destinations: { ORDERS: { ...ORDERS, workflow } } });
    expect((await own({ concurrency: 0 })).faults).toEqual([
      ["destinations.ORDERS.workflow.concurrency", "must be an integer of at least 1, got 0"],
    ]);
    expect((await own(untyped(5))).faults).toEqual([
      ["destinations.ORDERS.workflow", "must be an object such as { concurrency: 10 }, got 5"],
    ]);
    expect((await own({ retention: "3 days" })).faults).toEqual([
      ["destinations.ORDERS.workflow.retention", 'must be an object such as { success: "3 days" }, got "3 days"'],
    ]);
    for (const count of [0, 17, 1.5, "2"])
      expect((await own(untyped({ count }))).faults).toEqual([
        ["destinations.ORDERS.workflow.count", `must be an integer from 1 to 16, got ${JSON.stringify(count)}`],
      ]);
    expect((await refusal({ workflow: untyped({ count: 2 }) })).faults).toEqual([
      ["workflow.count", "is not a known key"],
    ]);
    const days30 = 30 * 86_400_000;
    expect((await own({ retention: { success: days30 + 1, failure: days30 } })).faults).toEqual([
      [
        "destinations.ORDERS.workflow.retention.success",
        'must be milliseconds (0 to 2592000000) or a text such as "3 days", got 2592000001',
      ],
      ["destinations.ORDERS.workflow.retention.failure", "is not a known key"],
    ]);
    for (const success of [
      "banana",
      "3 bananas",
      "-1 days",
      "3",
      "",
      "31 days",
      "2592001 seconds",
      "1 month",
      Number.NaN,
    ]) {
      expect((await own({ retention: { success } })).faults.map(([path]) => path)).toEqual([
        "destinations.ORDERS.workflow.retention.success",
      ]);
    }
    expect((await own({ limit: 1, retention: { success: "30 days", error: "1 hour" } })).faults).toEqual([
      ["destinations.ORDERS.workflow.limit", "is not a known key"],
    ]);
  });
});

describe("the preview refuses", () => {
  test.each([
    "DATABASE_URL",
    "DATABASE_ENDPOINT",
    "EVENTHUB_QUEUE",
    "EVENTHUB_ROUTING",
    "DISPATCH",
    "RECONCILE_GRACE_SECONDS",
    "EVENTHUB_WORKFLOW_ORDERS",
  ])("a destination named like the hub's own binding %s", async (name) => {
    const { faults } = await refusal({ destinations: { ORDERS, [name]: ORDERS } });
    expect(faults).toEqual([[`destinations.${name}`, `is the name of one of the hub's own bindings: ${name}`]]);
  });

  test("a name that no binding can have", async () => {
    const { faults } = await refusal({ destinations: { ORDERS, "no-binding": ORDERS } });
    expect(faults).toEqual([['destinations["no-binding"]', expect.stringContaining("must be the name of a binding")]]);
  });

  test("invalid routes, with all faults that the hub would find", async () => {
    const { faults, message } = await refusal({
      routes: [
        { destination: "ORDERS", condition: { path: "$.a[", exact: 1 } },
        { destination: "ORDERS", condition: { allOf: [{ path: "$.b", match: "(" }] } },
        { destination: "ORDERS", maxRetries: -1, extra: true },
        { destination: "ELSEWHERE" },
      ],
    });
    expect(faults.map(([path]) => path).sort()).toEqual([
      "routes[0].condition.path",
      "routes[1].condition.allOf[0].match",
      "routes[2].extra",
      "routes[2].maxRetries",
      "routes[3].destination",
    ]);
    expect(message.split("\n")).toHaveLength(6);
    expect(message).toContain('the EventHub "eventhub" has 5 faults:');
    for (const [path, text] of faults) expect(message).toContain(`  ${path}: ${text}`);
  });

  test("a webhook without its secrets, with empty ones, or with names that are taken", async () => {
    const hook = (secrets: unknown) => ({ kind: "webhook", url: "https://example.com/", secrets });
    const refused = async (destinations: object) =>
      (await refusal({ destinations: { ORDERS, ...destinations } })).faults;
    for (const secrets of [undefined, GOOD_SECRET]) {
      expect(await refused({ HOOK: hook(secrets) })).toContainEqual([
        "destinations.HOOK.secrets",
        "must be an object of secrets by name",
      ]);
    }
    expect(await refused({ HOOK: hook({}) })).toEqual([["destinations.HOOK.secrets", "must name at least one secret"]]);
    expect(await refused({ HOOK: hook({ KEY: "" }) })).toEqual([["destinations.HOOK.secrets.KEY", "must be a secret"]]);
    for (const bad of ["hunter2", "whsec_hunter2", "whsec_eA=="]) {
      expect(await refused({ HOOK: hook({ KEY: bad }) })).toEqual([
        ["destinations.HOOK.secrets.KEY", "must be whsec_ and base64 of 24 to 64 random bytes"],
      ]);
    }
    expect(await refused({ HOOK: hook({ ORDERS: GOOD_SECRET }) })).toEqual([
      ["destinations.HOOK.secrets.ORDERS", "is the name of a destination already"],
    ]);
    expect(
      await refused({
        HOOK: hook({ KEY: GOOD_SECRET }),
        HOOK_2: hook({ KEY: "whsec_b2xkLXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==" }),
      }),
    ).toEqual([["destinations.HOOK_2.secrets.KEY", "is the name of another secret already"]]);
    const reserved = await refused({ HOOK: hook({ DATABASE_URL: GOOD_SECRET }) });
    expect(reserved).toContainEqual([
      "destinations.HOOK.secrets.DATABASE_URL",
      "is the name of one of the hub's own bindings: DATABASE_URL",
    ]);
  });

  test.each(["http://example.com/", "https://10.0.0.1/", "nowhere"])("a webhook at %s", async (url) => {
    const HOOK = { kind: "webhook", url, secrets: { KEY: GOOD_SECRET } };
    const { faults } = await refusal({ destinations: { ORDERS, HOOK } });
    expect(faults.map(([path]) => path)).toEqual(["destinations.HOOK.url"]);
  });

  test("routes among the settings, where they would have no effect", async () => {
    const { faults } = await refusal({ settings: { routes: [{ destination: "ORDERS" }] } });
    expect(faults).toEqual([["settings.routes", "belongs beside `settings`"]]);
  });

  test("routes and destinations of the wrong type", async () => {
    expect((await refusal({ routes: untyped("all") })).faults).toEqual([
      ["routes", 'must be an array of routes, got "all"'],
    ]);
    expect((await refusal({ destinations: untyped(["ORDERS"]), routes: [] })).faults).toEqual([
      ["destinations", "must be an object of destinations by name, got an array"],
    ]);
    expect((await refusal({ destinations: { ORDERS: untyped("orders") } })).faults).toContainEqual([
      "destinations.ORDERS",
      'must be a destination (an object), got "orders"',
    ]);
  });

  test.each(["", "Shop", "1shop", "shop-", "shop_1", "s".repeat(51)])("the name %j", async (name) => {
    const { faults } = await refusal({ name });
    expect(faults.map(([path]) => path)).toEqual(["name"]);
  });

  test("no name of 50 characters", async () => {
    const name = "s".repeat(50);
    const accepted = runProgram(
      () =>
        new EventHub("eventhub", {
          accountId: "a",
          databaseUrl,
          name,
          destinations: { ORDERS },
          routes: [{ destination: "ORDERS" }],
        }),
    );
    expect(await accepted).toHaveLength(12);
  });

  test("Workflows whose names differ by case alone", async () => {
    const own = { ...ORDERS, workflow: {} };
    expect((await refusal({ destinations: { ORDERS: own, orders: own } })).faults).toEqual([
      ["destinations.orders.workflow", "its name would differ from that of ORDERS only by case"],
    ]);
  });

  test.each<[string, object, string]>([
    ["a cron expression of six fields", { schedules: ["0 * * * * *"] }, "schedules[0]"],
    ["no schedule at all", { schedules: [] }, "schedules"],
    ["a grace below zero", { reconcileGraceSeconds: -1 }, "reconcileGraceSeconds"],
    ["a grace longer than a day", { reconcileGraceSeconds: 86_401 }, "reconcileGraceSeconds"],
    ["a grace that is no number", { reconcileGraceSeconds: "60" }, "reconcileGraceSeconds"],
    ["a collector that is none", { otlp: "https://otlp.example.com" }, "otlp"],
    ["a collector without its own protection", { otlp: { endpoint: "http://otlp.example.com" } }, "otlp.endpoint"],
    ["a header that is none", { otlp: { endpoint: "https://a.example", headers: { "a b": "1" } } }, "otlp.headers"],
    ["a share above all", { otlp: { endpoint: "https://a.example", sampleRate: 2 } }, "otlp.sampleRate"],
    [
      "a collector's argument that there is not",
      { otlp: { endpoint: "https://a.example", sampling: 1 } },
      "otlp.sampling",
    ],
    ["a preview of no events", { routePreview: { against: {}, events: 0 } }, "routePreview.events"],
  ])("%s", async (_, args, path) => {
    expect((await refusal(args)).faults.map((fault) => fault[0])).toEqual([path]);
  });

  test("an invalid database URL, without showing it", async () => {
    const { faults, message } = await refusal({ databaseUrl: "mysql://hub:s3cret-word@host/database" });
    expect(faults).toEqual([
      ["databaseUrl", "must be a Postgres connection string (postgresql://user:password@host/database)"],
    ]);
    expect(message).not.toContain("s3cret-word");
    expect((await refusal({ databaseUrl: undefined })).faults.map(([path]) => path)).toEqual(["databaseUrl"]);
  });

  test("invalid arguments before it requests any resource of the account", async () => {
    const { resources } = await refusal({ routes: [{ destination: "NOWHERE" }] });
    expect(resources).toEqual(["cf-eventhub:infra:EventHub"]);
  });
});
