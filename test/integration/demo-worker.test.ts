import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness, type TestHarness } from "wrangler";
import { LOCAL_BINDINGS } from "../../infra/local/bindings.ts";
import type { EmitResult } from "../../schema/contract/index.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { consoleOf } from "../support/system-workers.ts";
import { ROOT, readWranglerConfig } from "../support/wrangler-config.ts";

const LOCAL = "http://localhost:3041";
const TOKEN = "a-token-of-the-demo";
const compatibility_date = "2026-10-30";

let database: TestDatabase;
let harness: TestHarness;
beforeAll(async () => {
  database = await createDatabase();
  const demo = readWranglerConfig("workers/demo/wrangler.jsonc");
  const services = [...(demo.services ?? []), ...LOCAL_BINDINGS.services];
  harness = createTestHarness({
    workers: [
      {
        config: {
          name: "demo",
          main: join(ROOT, "workers/demo/worker.ts"),
          compatibility_date,
          vars: { DEMO_TOKEN: TOKEN },
          services: services.map(local),
          workflows: LOCAL_BINDINGS.workflows.map(({ script_name, ...binding }) => ({
            ...binding,
            script_name: script_name.replace("eventhub-", ""),
          })),
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

const local = ({ service, ...binding }: { binding: string; service: string; entrypoint?: string }) => ({
  ...binding,
  service: service.replace("eventhub-", ""),
});
const ask = (url: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
  harness.getWorker("demo").fetch(url, { redirect: "manual", ...init });
const events = async () =>
  (await database.query<{ n: number }>("select count(*)::int as n from eventhub.events"))[0]?.n ?? 0;

describe("in the local stack, the demo's Worker", () => {
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

  test("takes nothing from other sites' pages", async () => {
    const before = await events();
    for (const path of ["/emit", "/local/reconcile", "/local/forget"]) {
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

describe("by a name that is not this machine's own, as deployed, the demo's Worker", () => {
  test("shows nothing of the console, and takes events from nobody without the token", async () => {
    for (const headers of [{}, { "Sec-Fetch-Site": "same-origin" }]) {
      const page = await ask("https://eventhub-demo.example.workers.dev/", {
        headers: headers as Record<string, string>,
      });
      expect([page.status, await page.text()]).toEqual([404, "not found\n"]);
      const emit = await ask("https://eventhub-demo.example.workers.dev/emit", {
        method: "POST",
        headers: headers as Record<string, string>,
        body: "{}",
      });
      expect(emit.status).toBe(401);
      await emit.text();
    }
  });

  test("has nothing of the local stack's, were it bound to all of it and the token right", async () => {
    for (const [method, path] of [
      ["POST", "/local/reconcile"],
      ["POST", "/local/forget"],
      ["GET", "/local/ready"],
    ] as const) {
      const response = await ask(`https://eventhub-demo.example.workers.dev${path}`, {
        method,
        headers: { Authorization: `Bearer ${TOKEN}` },
        ...(method === "POST" ? { body: '{"instances":[]}' } : {}),
      });
      expect([path, response.status, await response.text()]).toEqual([path, 404, "not found\n"]);
    }
  });

  test("takes a program's events with the token", async () => {
    const response = await ask("https://eventhub-demo.example.workers.dev/emit", {
      method: "POST",
      headers: { Authorization: `Bearer ${TOKEN}` },
      body: "{}",
    });
    expect(response.status).toBe(200);
    await response.text();
  });
});
