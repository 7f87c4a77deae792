import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHECK_NAMES } from "../../schema/vocabulary/checks.ts";
import { METRICS } from "../../schema/vocabulary/metrics.ts";
import { VERSION } from "../../schema/vocabulary/version.ts";
import { startTeam, type Team } from "../support/access.ts";
import { type System, startSystem } from "../support/system.ts";

/** The metrics Worker in workerd, as Prometheus and uptime checks use it. What is counted is in metrics-counts.test.ts. */

const TOKEN = "a-token-of-the-tests-0123456789";

let team: Team;
let system: System;
beforeAll(async () => {
  team = await startTeam();
  system = await startSystem({
    more: ({ vars, script }) =>
      Object.entries<Record<string, string>>({
        metrics: { METRICS_TOKEN: TOKEN },
        "metrics-cached": { METRICS_TOKEN: TOKEN },
        "metrics-off": {},
        "metrics-short": { METRICS_TOKEN: "short" },
        "metrics-health": { METRICS_TOKEN: TOKEN },
        "metrics-access": { ACCESS_TEAM: "acme", ACCESS_AUDIENCE: team.audience, ACCESS_KEYS: team.keys.href },
        "metrics-away": { METRICS_TOKEN: TOKEN, DATABASE_URL: `${vars.DATABASE_URL}_that_is_not_there` },
        "metrics-unset": { METRICS_TOKEN: TOKEN, DATABASE_URL: "" },
      }).map(([name, own]) => ({ config: { name, ...script("metrics"), vars: { ...vars, ...own } } })),
  });
});
afterAll(async () => {
  await system?.stop();
  await team?.stop();
});

async function ask(path: string, { worker = "metrics", token = TOKEN, headers = {}, method = "GET" }: Asked = {}) {
  const shown: Record<string, string> = token === "" ? {} : { Authorization: `Bearer ${token}` };
  const response = await system.harness.getWorker(worker).fetch(path, { method, headers: { ...shown, ...headers } });
  return {
    status: response.status,
    type: response.headers.get("Content-Type"),
    text: await response.text(),
    headers: response.headers,
  };
}

interface Asked {
  worker?: string;
  token?: string;
  headers?: Record<string, string>;
  method?: string;
}

describe("GET /metrics", () => {
  test("is OpenMetrics text: every family of the table with its type, its unit and its help, and an end", async () => {
    const { status, type, text, headers } = await ask("/metrics");
    expect(status).toBe(200);
    expect(type).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
    expect(headers.get("Cache-Control")).toBe("no-store");
    for (const [name, { type: family, what }] of Object.entries(METRICS)) {
      expect(text).toContain(`# TYPE ${name} ${family}\n`);
      expect(text).toContain(`# HELP ${name} ${what}.\n`);
    }
    expect(text).toContain("# UNIT eventhub_due_to_result_seconds seconds\n");
    expect(text).toContain(`eventhub_build_info{version="${VERSION}",migration="`);
    expect(text.endsWith("\n# EOF\n")).toBe(true);
    expect(text.match(/# EOF/g)).toHaveLength(1);
    for (const line of text.split("\n").slice(0, -1)) {
      expect(line).toMatch(/^(# .*|[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [0-9.e+-]+)$/);
    }
    for (const check of CHECK_NAMES)
      expect(text).toMatch(new RegExp(`^eventhub_fault\\{check="${check}"\\} [01]$`, "m"));
  });

  test("counts what went through the hub", async () => {
    const { events } = await system.emit([{ to: "SCRIPTED" }, { to: "SCRIPTED" }]);
    for (const { id } of events) await system.settled(id);
    // A minute later.
    for (const change of [
      "update eventhub.dispatches set resulted_at = resulted_at - interval '2 minutes'",
      "update eventhub.executions set finished_at = finished_at - interval '2 minutes'",
      "update eventhub.metric_marks set at = at - interval '10 minutes'",
    ])
      await system.database.query(change);
    const { text } = await ask("/metrics", { worker: "metrics-cached" });
    expect(text).toContain('eventhub_results_total{destination="SCRIPTED",status="complete"} 2\n');
    expect(text).toContain('eventhub_attempts_total{destination="SCRIPTED",result="complete"} 2\n');
    expect(text).toContain('eventhub_emit_to_result_seconds_bucket{destination="SCRIPTED",le="+Inf"} 2\n');
    expect(text).toContain('eventhub_emit_to_result_seconds_count{destination="SCRIPTED"} 2\n');
  });

  test("is kept for a while: whoever asks again costs the database nothing", async () => {
    const { text } = await ask("/metrics", { worker: "metrics-cached" });
    const before = await system.database.requests();
    expect((await ask("/metrics", { worker: "metrics-cached" })).text).toBe(text);
    expect(await system.database.requests()).toBe(before);
  });

  test("costs the database one request", async () => {
    const before = await system.database.requests();
    expect((await ask("/metrics", { worker: "metrics-health" })).status).toBe(200);
    expect((await system.database.requests()) - before).toBe(1);
  });

  test("is off without a token, and says how to set one", async () => {
    for (const path of ["/metrics", "/health"]) {
      const { status, text } = await ask(path, { worker: "metrics-off" });
      expect(status).toBe(503);
      expect(text).toBe(
        "the metrics are off: set this Worker's secret METRICS_TOKEN, of at least 16 characters (npx wrangler secret put METRICS_TOKEN)\n",
      );
    }
    const short = await ask("/metrics", { worker: "metrics-short", token: "short" });
    expect(short).toMatchObject({ status: 503, text: expect.stringContaining("METRICS_TOKEN has fewer than 16") });
  });

  test.each([
    ["no token", ""],
    ["another token", "another-token-0123456789"],
    ["one that begins like it", TOKEN.slice(0, -1)],
    ["a longer one", `${TOKEN}x`],
  ])("refuses %s", async (_, token) => {
    const { status, text, headers } = await ask("/metrics", { token });
    expect([status, headers.get("WWW-Authenticate")]).toEqual([401, "Bearer"]);
    expect(text).not.toContain(TOKEN);
  });

  test("refuses other methods and other addresses", async () => {
    expect(await ask("/metrics", { method: "POST" })).toMatchObject({ status: 405 });
    expect(await ask("/")).toMatchObject({ status: 404, text: "use GET /metrics or GET /health\n" });
    expect(await ask("/metrics", { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
  });

  test("says what is wrong with a database that does not answer, and nothing of its URL", async () => {
    const { status, text } = await ask("/metrics", { worker: "metrics-away" });
    expect(status).toBe(503);
    expect(text).toMatch(/^database: 3D000 .*there is no such database/);
    expect(text).not.toContain("postgresql://");
    expect(await ask("/metrics", { worker: "metrics-unset" })).toMatchObject({
      status: 503,
      text: expect.stringContaining("[misconfigured] DATABASE_URL is not set"),
    });
  });
});

describe("GET /health", () => {
  const health = async (asked: Asked = {}) => {
    const { status, text } = await ask("/health", asked);
    return { status, body: JSON.parse(text) as { status: string; reasons: Fault[]; warnings: Fault[] } };
  };
  interface Fault {
    check: string;
    detail: string | null;
    todo: string;
  }

  test("is 200 while the hub can deliver", async () => {
    const { status, body } = await health();
    expect([status, body.status, body.reasons]).toEqual([200, "ok", []]);
  });

  test("is 503 with the reasons when it cannot, and counts warnings as none", async () => {
    await system.database.query(
      "update eventhub.heartbeats set at = now() - interval '1 hour' where name = 'executor'",
    );
    await system.database.query("update eventhub.events set created_at = created_at - interval '1 hour'");
    await system.database.query("update eventhub.dispatches set status = 'lost'");
    const { status, body } = await health({ worker: "metrics-health" });
    expect(status).toBe(503);
    expect(body.status).toBe("failing");
    expect(body.reasons.map(({ check }) => check)).toEqual(["executor_silent"]);
    expect(body.reasons[0]?.todo).toContain('"triggers": { "crons"');
    expect(body.warnings.map(({ check }) => check)).toContain("lost");
  });

  test("is 503 when the database cannot be reached", async () => {
    const { status, body } = await health({ worker: "metrics-away" });
    expect(status).toBe(503);
    expect(body.reasons).toMatchObject([{ check: "database_unreachable", detail: expect.stringContaining("3D000") }]);
  });

  test("opens to a service token of Access, where that is set, and /metrics does not", async () => {
    const headers = {
      "Cf-Access-Jwt-Assertion": await team.token({ claims: { email: undefined, common_name: "uptime" } }),
    };
    const worker = "metrics-access";
    expect((await ask("/health", { worker, token: "", headers })).status).not.toBe(401);
    expect((await ask("/metrics", { worker, token: "", headers })).status).toBe(503);
    expect((await ask("/health", { worker, token: "" })).status).toBe(401);
    expect((await ask("/health", { worker, token: "", headers: { "Cf-Access-Jwt-Assertion": "x.y.z" } })).status).toBe(
      401,
    );
  });
});
