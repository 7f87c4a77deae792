import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness, type TestHarness } from "wrangler";
import { demoProject } from "../../infra/demo/project.ts";
import { gatewayConfiguration } from "../../infra/local/workers/gateway.ts";
import { hubPartsOf } from "../../infra/local/workers/hub-parts.ts";
import type { EmitResult } from "../../schema/contract/index.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { consoleOf } from "../support/system-workers.ts";
import { ROOT } from "../support/wrangler-config.ts";

const LOCAL = "http://localhost:3041";
const SECRET = "the-secret-of-the-ports";
const TOKEN = "a-token-of-the-demo";
const compatibility_date = "2026-10-30";

let database: TestDatabase;
let harness: TestHarness;
beforeAll(async () => {
  database = await createDatabase();
  const project = demoProject();
  const { compatibility_flags = [], ...gateway } = gatewayConfiguration(hubPartsOf(project), {
    ...project,
    own: project.own.filter(({ name }) => name === "eventhub-demo"),
  });
  harness = createTestHarness({
    workers: [
      {
        config: {
          ...gateway,
          name: "gateway",
          compatibility_flags,
          services: gateway.services?.map((binding) => ({ ...binding, service: local(binding.service) })),
          workflows: gateway.workflows?.map((binding) => ({ ...binding, script_name: local(binding.script_name) })),
          vars: { GATEWAY_SECRET: SECRET },
        } as never,
      },
      {
        config: {
          name: "demo",
          main: join(ROOT, "workers/demo/worker.ts"),
          compatibility_date,
          vars: { DEMO_TOKEN: TOKEN },
          services: [{ binding: "EVENTHUB", service: "hub" }],
        },
      },
      {
        config: {
          name: "executor",
          main: join(ROOT, "workers/executor/worker.ts"),
          compatibility_date,
          vars: { DATABASE_URL: database.url, DATABASE_ENDPOINT: database.endpoint },
          queues: { producers: [{ binding: "EVENTHUB_QUEUE", queue: `dispatches-${database.name}` }] },
          workflows: [{ binding: "DISPATCH", name: "eventhub-dispatch", class_name: "Dispatch" }],
        },
      },
      consoleOf("console", { LOCAL_ACTOR: "you" }),
      {
        config: {
          name: "metrics",
          main: join(ROOT, "workers/metrics/worker.ts"),
          compatibility_date,
          vars: { DATABASE_URL: database.url, DATABASE_ENDPOINT: database.endpoint, METRICS_TOKEN: TOKEN },
        },
      },
      {
        config: {
          name: "hub",
          main: join(ROOT, "workers/hub/worker.ts"),
          compatibility_date,
          vars: { DATABASE_URL: database.url, DATABASE_ENDPOINT: database.endpoint },
          queues: { producers: [{ binding: "EVENTHUB_QUEUE", queue: `dispatches-${database.name}` }] },
        },
      },
    ],
  });
  await harness.listen();
});
afterAll(async () => {
  await harness.close();
  await database.drop();
});

/** The local names of the Workers. */
const local = (name = "") => name.replace("eventhub-", "");

interface Init {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}
const ask = (url: string, init: Init = {}) => harness.getWorker("gateway").fetch(url, { redirect: "manual", ...init });
/** A request to the demo's own port, through the gateway. */
const askDemo = (url: string, init: Init = {}) =>
  ask(url, { ...init, headers: { ...init.headers, "Eventhub-Worker": `${SECRET} 0` } });
const events = async () =>
  (await database.query<{ n: number }>("select count(*)::int as n from eventhub.events"))[0]?.n ?? 0;

describe("the gateway of the local stack", () => {
  test("takes a program's events, as curl sends them", async () => {
    const response = await ask(`${LOCAL}/emit`, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: '{"action":"opened"}',
    });
    const { events: emitted } = (await response.json()) as EmitResult;
    expect(emitted).toMatchObject([{ duplicate: false, dispatches: [{ destination: "ARCHIVE" }] }]);
  });

  test("gives a browser the console, whatever the address", async () => {
    const browser = { "Sec-Fetch-Site": "same-origin", Origin: LOCAL };
    for (const path of ["/", "/emit", "/dispatches"]) {
      const response = await ask(`${LOCAL}${path}`, { headers: browser });
      expect([path, response.status]).toEqual([path, 200]);
      expect(await response.text()).toContain("eventhub</title>");
    }
    const form = { method: "POST", headers: { ...browser, "Content-Type": "application/x-www-form-urlencoded" } };
    const answer = await ask(`${LOCAL}/emit`, { ...form, body: "payload=%5B" });
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([400, "text/html; charset=UTF-8"]);
    await answer.text();
  });

  test("does for the stack's own parts what they ask", async () => {
    const ready = await ask(`${LOCAL}/local/ready`);
    expect([ready.status, await ready.text()]).toEqual([200, "ready\n"]);
    const reconciled = await ask(`${LOCAL}/local/reconcile`, { method: "POST" });
    expect(await reconciled.json()).toMatchObject({ routed: 0, operations: 0 });
    const forgotten = await ask(`${LOCAL}/local/forget`, { method: "POST", body: '{"instances":["unknown"]}' });
    expect([forgotten.status, await forgotten.json()]).toMatchObject([200, { deleted: 0 }]);
  });

  test("gives a program the metrics and the health, to whoever shows the token", async () => {
    for (const path of ["/metrics", "/health"]) {
      const shown = await ask(`${LOCAL}${path}`, { headers: { Authorization: `Bearer ${TOKEN}` } });
      expect([path, shown.status]).toEqual([path, 200]);
      await shown.text();
      const hidden = await ask(`${LOCAL}${path}`);
      expect([path, hidden.status]).toEqual([path, 401]);
      await hidden.text();
    }
  });

  test("does what the cron of the metrics Worker does, which has nowhere to push to", async () => {
    const pushed = await ask(`${LOCAL}/local/push`, { method: "POST" });
    expect([pushed.status, await pushed.text()]).toEqual([200, "ok\n"]);
  });

  test("takes nothing from other sites' pages", async () => {
    const before = await events();
    for (const path of ["/emit", "/local/reconcile", "/local/push", "/local/forget"]) {
      for (const site of ["cross-site", "same-site"]) {
        const headers = {
          "Sec-Fetch-Site": site,
          Origin: "http://localhost:8080",
          "Content-Type": "application/x-www-form-urlencoded",
        };
        const response = await ask(`${LOCAL}${path}`, { method: "POST", headers, body: '{"evil":true}' });
        expect([path, site, response.status]).toEqual([path, site, 403]);
        await response.text();
      }
    }
    expect(await events()).toBe(before);
  });
});

describe("by a name that is not this machine's own, the gateway", () => {
  test("has nothing, whatever is asked", async () => {
    for (const [method, path] of [
      ["POST", "/local/reconcile"],
      ["POST", "/local/forget"],
      ["GET", "/local/ready"],
      ["POST", "/emit"],
      ["GET", "/"],
    ] as const) {
      const response = await ask(`https://rebound.example${path}`, {
        method,
        headers: { Authorization: `Bearer ${TOKEN}` },
        ...(method === "POST" ? { body: '{"instances":[]}' } : {}),
      });
      expect([path, response.status, await response.text()]).toEqual([path, 403, "only at localhost\n"]);
    }
  });

  test("has no Worker behind it for who does not know the secret", async () => {
    const before = await events();
    const headers = { "Eventhub-Worker": "a-guess 0" };
    const response = await ask("https://rebound.example/emit", { method: "POST", headers, body: "{}" });
    expect([response.status, await response.text()]).toEqual([403, "only at localhost\n"]);
    expect(await events()).toBe(before);
  });
});

describe("the demo's Worker", () => {
  test("takes a program's events on this machine, and none from a page", async () => {
    const before = await events();
    const response = await askDemo(`${LOCAL}/emit`, { method: "POST", body: '{"action":"opened"}' });
    expect([response.status, ((await response.json()) as EmitResult).events.length]).toEqual([200, 1]);
    for (const site of ["cross-site", "same-site", "same-origin"]) {
      const page = await askDemo(`${LOCAL}/emit`, { method: "POST", headers: { "Sec-Fetch-Site": site }, body: "{}" });
      expect([site, page.status]).toEqual([site, 403]);
      await page.text();
    }
    expect(await events()).toBe(before + 1);
  });

  test("deployed, takes events from nobody without the token", async () => {
    const url = "https://eventhub-demo.example.workers.dev";
    const page = await askDemo(`${url}/`);
    expect([page.status, await page.text()]).toEqual([404, "not found\n"]);
    for (const headers of [{}, { "Sec-Fetch-Site": "same-origin" }, { Authorization: "Bearer another" }]) {
      const emit = await askDemo(`${url}/emit`, {
        method: "POST",
        headers: headers as Record<string, string>,
        body: "{}",
      });
      expect(emit.status).toBe(401);
      await emit.text();
    }
    const headers = { Authorization: `Bearer ${TOKEN}` };
    const response = await askDemo(`${url}/emit`, { method: "POST", headers, body: "{}" });
    expect(response.status).toBe(200);
    await response.text();
  });
});
