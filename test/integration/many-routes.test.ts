import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EventHub } from "../../infra/cloudflare/event-hub.ts";
import type { EmitResult } from "../../schema/contract/index.ts";
import { createDatabase } from "../support/database.ts";
import { runProgram } from "../support/pulumi.ts";
import { startDeployed } from "../support/pulumi-stack.ts";
import { eventually } from "../support/system.ts";

const worker = (file: string) => fileURLToPath(new URL(`../workers/${file}`, import.meta.url));
const compatibility_date = "2026-10-30";

test("Workers with 10,000 routes, 2 MB of them, start and deliver", async () => {
  const database = await createDatabase();
  const directory = await mkdtemp(join(tmpdir(), "eventhub-routes-"));
  const routes = Array.from({ length: 10_000 }, (_, index) => ({
    name: `route ${index} ${"x".repeat(60)}`,
    condition: {
      allOf: [
        { path: "$.tenant", exact: `tenant-${index}` },
        { path: "$.order.total", gte: index },
      ],
    },
    destination: "SCRIPTED" as const,
    // Such an executor has the expressions and the code that evaluates them.
    ...(index === 9_999 ? { transform: '{ "shaped": $uppercase(tenant) }' } : {}),
  }));
  expect(JSON.stringify(routes).length).toBeGreaterThan(2_000_000);
  const resources = await runProgram(
    () =>
      new EventHub("eventhub", {
        accountId: "account",
        name: "eventhub",
        databaseUrl: database.url,
        databaseEndpoint: database.endpoint,
        destinations: { SCRIPTED: { kind: "worker", service: "consumers", entrypoint: "Scripted" } },
        routes,
      }),
  );
  const services = [
    { binding: "EVENTHUB", service: "eventhub-hub" },
    { binding: "EXECUTOR", service: "eventhub-executor" },
    { binding: "CONSUMERS", service: "consumers" },
  ];
  const harness = await startDeployed(resources, directory, [
    { config: { name: "producer", main: worker("producer.ts"), compatibility_date, services } },
    { config: { name: "consumers", main: worker("consumers.ts"), compatibility_date } },
  ]);
  try {
    const body = JSON.stringify({ payload: { tenant: "tenant-9999", order: { total: 9_999 } } });
    const response = await harness.getWorker("producer").fetch("/emit", { method: "POST", body });
    const { events } = (await response.json()) as EmitResult;
    expect(events[0]?.dispatches).toMatchObject([{ destination: "SCRIPTED" }]);
    const rows = await eventually(async () => {
      const found = await database.query<{ route: string; status: string }>(
        "select route, status from eventhub.dispatches",
      );
      return found.every(({ status }) => status !== "ongoing") ? found : undefined;
    }, "the dispatch is final");
    expect(rows).toEqual([{ route: routes[9_999]?.name, status: "complete" }]);
    const calls = (await (await harness.getWorker("producer").fetch("/calls")).json()) as { payload: object }[];
    expect(calls[0]?.payload).toEqual({ shaped: "TENANT-9999" });
  } finally {
    await harness.close();
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  }
});
