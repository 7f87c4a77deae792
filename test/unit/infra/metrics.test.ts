import { afterEach, describe, expect, test, vi } from "vitest";
import type { MetricsArgs } from "../../../infra/cloudflare/event-hub.ts";
import { runProgram } from "../../support/pulumi.ts";
import { openBindings } from "../../support/pulumi-stack.ts";
import { workerBeside } from "../../support/worker-beside.ts";

afterEach(() => vi.restoreAllMocks());

const TOKEN = "a-token-of-the-metrics";

const PUSH = { endpoint: "https://otlp.example.com" };

const { program, own, inputsOf, deploy, preview } = workerBeside<MetricsArgs>("metrics");

describe("the metrics Worker", () => {
  test("is not deployed unless it is asked for", async () => {
    expect(own(await runProgram(() => program()))).toEqual([]);
  });

  test("has the database's URL and its token, and answers at workers.dev", async () => {
    const { resources, address } = await deploy({ token: TOKEN });
    expect(inputsOf(resources, "Worker")).toMatchObject({ name: "shop-metrics", subdomain: { enabled: true } });
    const bindings = openBindings(inputsOf(resources, "WorkerVersion").bindings);
    expect(bindings).toEqual([
      { type: "secret_text", name: "DATABASE_URL", text: "postgresql://hub:password@host/eventhub" },
      { type: "secret_text", name: "METRICS_TOKEN", text: TOKEN },
    ]);
    expect(address).toBe("https://eventhub-metrics.example.workers.dev");
  });

  test("answers only at its domain, if it has one", async () => {
    const { resources, address } = await deploy({ token: TOKEN, domain: "metrics.example.com" });
    expect(inputsOf(resources, "Worker")).toMatchObject({ subdomain: { enabled: false } });
    expect(inputsOf(resources, "WorkersCustomDomain")).toMatchObject({
      hostname: "metrics.example.com",
      service: "shop-metrics",
    });
    expect(address).toBe("https://metrics.example.com");
  });

  test("pushes to the configured collector every minute or as configured, with its headers as a secret", async () => {
    const push = {
      endpoint: "https://otlp.example.com",
      headers: { authorization: "Bearer abc" },
      environment: "production",
    };
    const { resources } = await deploy({ token: TOKEN, push });
    expect(openBindings(inputsOf(resources, "WorkerVersion").bindings)).toEqual(
      expect.arrayContaining([
        { type: "plain_text", name: "OTLP_ENDPOINT", text: "https://otlp.example.com" },
        { type: "secret_text", name: "OTLP_HEADERS", text: "authorization=Bearer%20abc" },
        { type: "plain_text", name: "ENVIRONMENT_NAME", text: "production" },
      ]),
    );
    expect(inputsOf(resources, "WorkersCronTrigger")).toMatchObject({
      scriptName: "shop-metrics",
      schedules: [{ cron: "* * * * *" }],
    });
    const seldom = await deploy({ token: TOKEN, push: { ...push, schedules: ["*/15 * * * *"] } });
    expect(inputsOf(seldom.resources, "WorkersCronTrigger").schedules).toEqual([{ cron: "*/15 * * * *" }]);
  });

  test("has no cron, and so wakes no database, without a collector", async () => {
    const { resources } = await deploy({ token: TOKEN });
    expect(inputsOf(resources, "WorkersCronTrigger")).toEqual({});
  });

  test.each<[unknown, string]>([
    ["on", 'metrics: must be an object such as { token: config.requireSecret("metricsToken") }, got "on"'],
    [{}, "metrics.token: must be a secret of at least 16 characters"],
    [{ token: "short-secret" }, "metrics.token: must be a secret of at least 16 characters"],
    [{ token: TOKEN, domian: "x" }, "metrics.domian: is not a known key"],
    [
      { token: TOKEN, domain: "no host" },
      'metrics.domain: must be a host name such as "metrics.example.com", got "no host"',
    ],
    [
      { token: TOKEN, access: "acme" },
      'metrics.access: must be an object such as { team: "acme", audience: "..." }, got "acme"',
    ],
    [{ token: TOKEN, access: { team: "a.b", audience: "x" } }, "metrics.access.team: must be the team's name alone"],
    [
      { token: TOKEN, access: { team: "acme", audience: "not a tag" } },
      "metrics.access.audience: must be the AUD tag of an Access application",
    ],
    [
      { token: TOKEN, access: { team: "acme" } },
      "metrics.access.audience: must be the AUD tag of an Access application",
    ],
    [{ token: TOKEN, push: true }, 'metrics.push: must be an object such as { endpoint: "https://otlp.example.com" }'],
    [{ token: TOKEN, push: { endpoint: "http://a.example" } }, "metrics.push.endpoint: must be an https URL"],
    [{ token: TOKEN, push: { ...PUSH, sampleRate: 1 } }, "metrics.push.sampleRate: is not a known key"],
    [
      { token: TOKEN, push: { ...PUSH, schedules: ["1m"] } },
      "metrics.push.schedules[0]: must be a cron expression of five",
    ],
  ])("with %j is refused in the preview, without showing the token", async (metrics, told) => {
    const { faults } = await preview(metrics);
    const texts = faults.map(({ path, message }) => `${path}: ${message}`);
    expect(texts).toEqual([expect.stringContaining(told)]);
    expect(texts.join()).not.toContain("short-secret");
  });
});
