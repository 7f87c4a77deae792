import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestHarness } from "wrangler";
import type { EmitResult } from "../../schema/contract/index.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import type { Registered } from "../support/pulumi.ts";
import { runStack, startDeployed } from "../support/pulumi-stack.ts";
import { type DispatchRow, eventually } from "../support/system.ts";

const TOKEN = "a-token-of-the-demo";
const DEMO = "https://eventhub-demo.example.workers.dev";

let database: TestDatabase;
let directory: string;
let resources: Registered[];
let harness: TestHarness;
beforeAll(async () => {
  database = await createDatabase();
  directory = await mkdtemp(join(tmpdir(), "eventhub-stack-"));
  resources = await runStack({
    accountId: "account",
    databaseUrl: database.url,
    databaseEndpoint: database.endpoint,
    demoToken: TOKEN,
    accessTeam: "acme",
    operators: JSON.stringify(["ada@example.com", "@example.org"]),
  });
  harness = await startDeployed(resources, directory);
});
afterAll(async () => {
  await harness?.close();
  await database?.drop();
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
});

/** The account's name of a Worker, by its resource's name: it contains project and stack. */
const workerOf = (resource: string) =>
  String(resources.find(({ type, name }) => type.endsWith(":Worker") && name === resource)?.inputs.name);

/** Calls the deployed demo over HTTP. */
const call = (path: string, init: RequestInit = {}) =>
  harness.getWorker(workerOf("eventhub-demo")).fetch(new URL(path, DEMO).href, init as never);

const emit = async (payload: object): Promise<EmitResult> => {
  const response = await call("/emit", {
    method: "POST",
    headers: { Authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(payload),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as EmitResult;
};

const settled = (eventId: string | undefined) =>
  eventually(async () => {
    const rows = await database.query<DispatchRow>(
      "select * from eventhub.dispatches where event_id = $1 order by route",
      [eventId],
    );
    return rows.every(({ status }) => status !== "ongoing") ? rows : undefined;
  }, "every dispatch is final");

describe("the built scripts, with the bindings and modules that the stack uploads,", () => {
  test("start in workerd and deliver an event to each of its destinations", async () => {
    const { events } = await emit({ kind: "order.shipped", order: { total: 1_000 }, payment: { id: 7 } });
    const rows = await settled(events[0]?.id);
    expect(rows.map(({ route, destination, status, workflow }) => [route, destination, status, workflow])).toEqual([
      ["archive-all", "ARCHIVE", "complete", "DISPATCH"],
      ["large-orders", "SLOW", "complete", "EVENTHUB_WORKFLOW_SLOW"],
      ["orders", "STABLE", "complete", "DISPATCH"],
      ["payments", "FLAKY", "complete", "DISPATCH"],
      ["shipped", "REACTOR", "complete", "DISPATCH"],
    ]);
    const bucket = await harness
      .getWorker<{ ARCHIVE: { list(options: object): Promise<{ objects: { key: string }[] }> } }>(
        workerOf("eventhub-executor"),
      )
      .getEnv()
      .then(({ ARCHIVE }) => ARCHIVE.list({}));
    const archived = `${rows[0]?.id}.json`;
    expect(bucket.objects.filter(({ key }) => key.startsWith("events/") && key.endsWith(archived))).toHaveLength(1);
  });

  test("carry the settings of the stack program", async () => {
    const { events } = await emit({ kind: "order.paid" });
    const rows = await settled(events[0]?.id);
    expect(rows).toMatchObject([
      { route: "archive-all", max_retries: 5, retry_delay: { type: "exponential", base: 1, max: 60 } },
      { route: "orders", max_retries: 5, retry_delay: { type: "exponential", base: 1, max: 60 } },
    ]);
  });

  test.each([
    ["no token", {}],
    ["a wrong token", { Authorization: "Bearer another" }],
    ["the token in another scheme", { Authorization: `Basic ${TOKEN}` }],
  ])("turn away strangers who show %s", async (_, headers) => {
    const before = await database.query("select count(*)::int from eventhub.events where payload ? 'stranger'");
    const response = await call("/emit", { method: "POST", headers: headers as never, body: '{"stranger":true}' });
    expect([response.status, response.headers.get("WWW-Authenticate")]).toEqual([401, "Bearer"]);
    await response.text();
    expect(await database.query("select count(*)::int from eventhub.events where payload ? 'stranger'")).toEqual(
      before,
    );
  });

  test("have nothing of the local stack's", async () => {
    const response = await call("/local/reconcile", {
      method: "POST",
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    expect([response.status, await response.text()]).toEqual([404, "not found\n"]);
  });
});

describe("the console of the stack", () => {
  const open = (path: string, init: RequestInit = {}) =>
    harness
      .getWorker(workerOf("eventhub-console"))
      .fetch(new URL(path, "https://eventhub-console.example.workers.dev").href, init as never);

  test("lets in nobody whom Access has not signed in, at whatever address", async () => {
    for (const path of ["/", "/dispatches", "/assets/x/console.css", "/local/reconcile", "/emit"]) {
      for (const headers of [{}, { Host: "localhost" }, { "Cf-Access-Jwt-Assertion": "a.b.c" }]) {
        const response = await open(path, { headers: headers as never });
        expect([path, response.status]).toEqual([path, 403]);
        expect(await response.text()).toContain("You are not signed in");
      }
    }
  });

  test("is for the people of the configuration, and for nobody without one", async () => {
    const policy = resources.find(({ type }) => type.endsWith(":ZeroTrustAccessPolicy"));
    expect(policy?.inputs.includes).toEqual([
      { email: { email: "ada@example.com" } },
      { emailDomain: { domain: "example.org" } },
    ]);
    const plain = await runStack({ accountId: "account", databaseUrl: database.url, demoToken: TOKEN });
    expect(plain.filter(({ name }) => name.includes("console"))).toEqual([]);
  });
});

describe("the stack program", () => {
  test("gives secrets to the engine as secrets only", () => {
    const open = JSON.stringify(resources, (key, value) => (key === "secret" ? undefined : value));
    expect(JSON.stringify(resources)).toContain(TOKEN);
    expect(open).not.toContain(TOKEN);
    expect(open).not.toContain(database.name);
  });

  test("deploys the hub before the consumer that emits, and that before the executor", () => {
    const dependencies = (name: string) =>
      resources
        .find((one) => one.type.endsWith(":WorkerVersion") && one.name === name)
        ?.dependencies.map((urn) => urn.split("::").at(-1));
    expect(dependencies("eventhub-demo-consumers")).toContain("eventhub-hub");
    expect(dependencies("eventhub-executor")).toContain("eventhub-demo-consumers");
  });

  test("ends with an error that does not show the database URL, if that is none", async () => {
    const config = { accountId: "account", databaseUrl: "mysql://hub:s3cret-word@host/db", demoToken: TOKEN };
    const error = await runStack(config).then(
      () => undefined,
      ({ stderr }: { stderr: string }) => stderr,
    );
    expect(error).toContain("databaseUrl: must be a Postgres connection string");
    expect(error).not.toContain("s3cret-word");
  });
});
