import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHarness, type TestHarness } from "wrangler";
import { startTeam, type Team } from "../support/access.ts";
import { type System, startSystem } from "../support/system.ts";
import { consoleOf } from "../support/system-workers.ts";

const AUDIENCE = "a".repeat(64);

let team: Team;
let system: System;
let misconfigured: TestHarness;
beforeAll(async () => {
  team = await startTeam();
  system = await startSystem({
    console: { ACCESS_TEAM: "acme", ACCESS_AUDIENCE: AUDIENCE, ACCESS_KEYS: team.keys.href },
  });
  misconfigured = createTestHarness({
    workers: [
      consoleOf("nothing", {}),
      consoleOf("blank", { ACCESS_TEAM: " ", ACCESS_AUDIENCE: "", LOCAL_ACTOR: "" }),
      consoleOf("no-audience", { ACCESS_TEAM: "acme" }),
      consoleOf("no-team", { ACCESS_AUDIENCE: AUDIENCE }),
      consoleOf("url-team", { ACCESS_TEAM: "evil.example/x", ACCESS_AUDIENCE: AUDIENCE }),
      consoleOf("both", { ACCESS_TEAM: "acme", ACCESS_AUDIENCE: AUDIENCE, LOCAL_ACTOR: "you" }),
      consoleOf("color", { LOCAL_ACTOR: "you", ENVIRONMENT_COLOR: "red;} body { display: none" }),
      consoleOf("local", { LOCAL_ACTOR: "you" }),
      { config: { ...consoleOf("unbound", { LOCAL_ACTOR: "you" }).config, services: [] } },
      withOperatorOnly("no-producer"),
      { config: { name: "hub", main: "test/workers/hub.ts", compatibility_date: "2026-10-30" } },
    ],
  });
  await misconfigured.listen();
});
afterAll(async () => {
  await misconfigured.close();
  await system.stop();
  await team.stop();
});

/** A console that is not bound to the hub as a producer. */
function withOperatorOnly(name: string) {
  const { config } = consoleOf(name, { LOCAL_ACTOR: "you" });
  return {
    config: { ...config, services: config.services?.filter((one: { binding: string }) => one.binding === "OPERATOR") },
  };
}

const ask = (headers: Record<string, string> = {}, path = "/") =>
  system.harness.getWorker("console").fetch(`https://console.example${path}`, { headers });

describe("behind Cloudflare Access", () => {
  test("lets in the people whom it has signed in, by header or by cookie, and shows who they are", async () => {
    const token = await team.token({ claims: { email: "grace@example.com" } });
    for (const headers of [{ "Cf-Access-Jwt-Assertion": token }, { Cookie: `a=b; CF_Authorization=${token}; c=d` }]) {
      const response = await ask(headers);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain("grace@example.com");
    }
  });

  test("lets in nobody else, not even to the files for the browser, to addresses that do not exist, or with a form", async () => {
    const page = await (await ask({ "Cf-Access-Jwt-Assertion": await team.token() })).text();
    const [asset = ""] = /\/assets\/[0-9a-f]{16}\/console\.css/.exec(page) ?? [];
    expect((await ask({ "Cf-Access-Jwt-Assertion": await team.token() }, asset)).status).toBe(200);
    for (const path of ["/", "/nowhere", asset, "/cdn-cgi/access/certs"]) {
      const response = await ask({}, path);
      expect([path, response.status]).toEqual([path, 403]);
      expect(await response.text()).toContain("You are not signed in");
    }
    const form = {
      method: "POST",
      body: new URLSearchParams({ a: "b" }),
      headers: { "Sec-Fetch-Site": "same-origin" },
    };
    expect((await system.harness.getWorker("console").fetch("https://console.example/", form)).status).toBe(403);
  });

  test("a good cookie does not make up for a bad header", async () => {
    const good = await team.token();
    const expired = await team.token({ claims: { exp: 1_700_000_000 } });
    const response = await ask({ "Cf-Access-Jwt-Assertion": expired, Cookie: `CF_Authorization=${good}` });
    expect(response.status).toBe(403);
  });

  test("a token for another audience or of another team lets nobody in, and a loopback name neither", async () => {
    for (const claims of [{ aud: ["b".repeat(64)] }, { iss: "https://evil.cloudflareaccess.com" }]) {
      expect((await ask({ "Cf-Access-Jwt-Assertion": await team.token({ claims }) })).status).toBe(403);
    }
    expect((await system.harness.getWorker("console").fetch("http://localhost/")).status).toBe(403);
  });

  test("while Access' keys cannot be fetched, a new Worker lets nobody in and says so", async () => {
    const away = await startTeam();
    away.answer(500);
    const harness = createTestHarness({
      workers: [
        consoleOf("console", { ACCESS_TEAM: "acme", ACCESS_AUDIENCE: AUDIENCE, ACCESS_KEYS: away.keys.href }),
        { config: { name: "hub", main: "test/workers/hub.ts", compatibility_date: "2026-10-30" } },
      ],
    });
    await harness.listen();
    try {
      const headers = { "Cf-Access-Jwt-Assertion": await away.token() };
      const response = await harness.getWorker("console").fetch("https://console.example/", { headers });
      expect(response.status).toBe(503);
      expect(await response.text()).toContain("Sign-ins cannot be checked at the moment");
    } finally {
      await harness.close();
      await away.stop();
    }
  });
});

describe("nobody is let in", () => {
  test.each([
    ["nothing", "set ACCESS_TEAM and ACCESS_AUDIENCE"],
    ["blank", "set ACCESS_TEAM and ACCESS_AUDIENCE"],
    ["no-audience", "ACCESS_AUDIENCE is not set"],
    ["no-team", "ACCESS_TEAM is not set"],
    ["url-team", "ACCESS_TEAM must be the team&#39;s name alone"],
    ["both", "LOCAL_ACTOR is only for the local stack"],
    ["color", "ENVIRONMENT_COLOR: must be a CSS colour"],
  ])("where the configuration is at fault (%s), and the page says what to set: %s", async (name, text) => {
    for (const url of ["https://console.example/", "http://localhost/", "http://localhost/assets/x/console.css"]) {
      const response = await misconfigured
        .getWorker(name)
        .fetch(url, { headers: { "Cf-Access-Jwt-Assertion": await team.token() } });
      expect(response.status).toBe(500);
      expect(await response.text()).toContain(text);
    }
  });

  test("in the local stack by a name that is not this machine's own", async () => {
    const local = misconfigured.getWorker("local");
    for (const host of ["console.example", "localhost.evil.example", "127.0.0.1.nip.io", "0.0.0.0", "10.0.0.1"]) {
      const response = await local.fetch(`http://${host}/`);
      expect([host, response.status]).toEqual([host, 403]);
      expect(await response.text()).toContain("Open only on this machine");
    }
    for (const host of ["localhost", "127.0.0.1", "[::1]", "localhost:3041"]) {
      // Its hub has no database, which is reported to a user who was let in.
      expect([host, (await local.fetch(`http://${host}/nowhere`)).status]).toEqual([host, 404]);
    }
  });
});

test("a console without the hub says what to bind", async () => {
  const response = await misconfigured.getWorker("unbound").fetch("http://localhost/");
  expect(response.status).toBe(500);
  expect(await response.text()).toContain("OPERATOR: bind the hub&#39;s entrypoint Operator");
});

test("a console without the producers' binding says what to bind to emit, and takes no payload", async () => {
  const console = misconfigured.getWorker("no-producer");
  const form = {
    method: "POST",
    body: new URLSearchParams({ payload: '{ "a": 1 }' }),
    headers: { "Sec-Fetch-Site": "same-origin" },
  };
  for (const response of [
    await console.fetch("http://localhost/emit"),
    await console.fetch("http://localhost/emit", form),
  ]) {
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toContain("The console cannot emit here");
    expect(text).toContain(
      "{ &quot;binding&quot;: &quot;EVENTHUB&quot;, &quot;service&quot;: &quot;eventhub-hub&quot; }",
    );
    expect(text).not.toContain("<textarea");
  }
});
