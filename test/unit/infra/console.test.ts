import { afterEach, describe, expect, test, vi } from "vitest";
import type { ConsoleArgs } from "../../../infra/cloudflare/event-hub.ts";
import { type Registered, runProgram } from "../../support/pulumi.ts";
import { openBindings } from "../../support/pulumi-stack.ts";
import { workerBeside } from "../../support/worker-beside.ts";

afterEach(() => vi.restoreAllMocks());

const AUDIENCE = "a".repeat(64);

const { program, own, inputsOf, deploy, preview } = workerBeside<ConsoleArgs>("console");
const typesOf = (resources: readonly Registered[]) => resources.map(({ type }) => type.split(":").at(-1)).sort();
const bindingsOf = (resources: readonly Registered[]) =>
  Object.fromEntries(
    openBindings(inputsOf(resources, "WorkerVersion").bindings).map(({ name, ...binding }) => [name, binding]),
  );

describe("a console", () => {
  test("is deployed only if it is configured", async () => {
    expect(own(await runProgram(() => program()))).toEqual([]);
  });

  test("with an existing Access application has its audience, and answers at workers.dev", async () => {
    const { resources, address } = await deploy({ access: { team: "acme", audience: AUDIENCE } });
    expect(typesOf(own(resources))).toEqual(["Worker", "WorkerVersion", "WorkersDeployment"]);
    expect(inputsOf(resources, "Worker")).toMatchObject({ name: "shop-console", subdomain: { enabled: true } });
    expect(bindingsOf(resources)).toEqual({
      OPERATOR: { type: "service", service: "shop-hub", entrypoint: "Operator" },
      EVENTHUB: { type: "service", service: "shop-hub" },
      ACCESS_TEAM: { type: "plain_text", text: "acme" },
      ACCESS_AUDIENCE: { type: "plain_text", text: AUDIENCE },
      DASHBOARD_NAME: { type: "plain_text", text: "shop" },
    });
    expect(address).toBe("https://eventhub-console.example.workers.dev");
  });

  test("for named people gets an Access application for its address, whose policy names them", async () => {
    const access = {
      team: "acme",
      allow: ["ada@example.com", "@example.org"],
      operators: ["ada@example.com", "group:oncall"],
    };
    const environment = { name: "production", color: "#c00", production: true, confirmAbove: 20 };
    const { resources } = await deploy({ access, environment });
    expect(typesOf(own(resources))).toEqual([
      "Worker",
      "WorkerVersion",
      "WorkersDeployment",
      "ZeroTrustAccessApplication",
      "ZeroTrustAccessPolicy",
    ]);
    expect(inputsOf(resources, "ZeroTrustAccessPolicy")).toEqual({
      accountId: "account",
      name: "shop-console: operators",
      decision: "allow",
      includes: [{ email: { email: "ada@example.com" } }, { emailDomain: { domain: "example.org" } }],
    });
    expect(inputsOf(resources, "ZeroTrustAccessApplication")).toMatchObject({
      accountId: "account",
      type: "self_hosted",
      destinations: [{ type: "public", uri: "eventhub-console.example.workers.dev" }],
      policies: [{ id: "ZeroTrustAccessPolicy eventhub-console", precedence: 1 }],
    });
    expect(bindingsOf(resources)).toMatchObject({
      ACCESS_AUDIENCE: { text: "aud-of-eventhub-console" },
      ENVIRONMENT_NAME: { text: "production" },
      ENVIRONMENT_COLOR: { text: "#c00" },
      ACCESS_OPERATORS: { text: "ada@example.com,group:oncall" },
      ENVIRONMENT_PRODUCTION: { text: "true" },
      CONFIRM_ABOVE: { text: "20" },
    });
  });

  test("at a domain answers only there, after its Access application was created", async () => {
    const access = { team: "acme", allow: ["ada@example.com"] };
    const { resources, address } = await deploy({ access, domain: "events.example.com" });
    expect(inputsOf(resources, "Worker")).toMatchObject({ subdomain: { enabled: false } });
    expect(inputsOf(resources, "WorkersCustomDomain")).toEqual({
      accountId: "account",
      hostname: "events.example.com",
      service: "shop-console",
    });
    expect(inputsOf(resources, "ZeroTrustAccessApplication").destinations).toEqual([
      { type: "public", uri: "events.example.com" },
    ]);
    const domain = resources.find(({ type }) => type.endsWith(":WorkersCustomDomain"));
    const application = resources.find(({ type }) => type.endsWith(":ZeroTrustAccessApplication"));
    expect(domain?.dependencies).toContain(application?.urn);
    expect(address).toBe("https://events.example.com");
  });

  test("never has the setting that opens the local stack's console", async () => {
    const { resources } = await deploy({ access: { team: "acme", audience: AUDIENCE }, domain: "events.example.com" });
    expect(Object.keys(bindingsOf(resources))).not.toContain("LOCAL_ACTOR");
  });
});

describe("the preview refuses a console", () => {
  const good = { team: "acme", allow: ["@example.com"] };
  test.each<[string, unknown, string, string]>([
    ["that is none", true, "console", "must be an object such as"],
    ["that says nothing of who may open it", {}, "console.access", "must say who may open the console"],
    [
      "of no team but an audience",
      { access: { audience: AUDIENCE } },
      "console.access.team",
      "must be the team's name alone",
    ],
    ["of no team", { access: { allow: ["@example.com"] } }, "console.access.team", "must be the team's name alone"],
    [
      "of a team that is an address",
      { access: { ...good, team: "acme.cloudflareaccess.com" } },
      "console.access.team",
      "must be the team's name",
    ],
    ["for nobody, by neither way", { access: { team: "acme" } }, "console.access.audience", "must be the AUD tag"],
    ["for nobody, by an empty list", { access: { team: "acme", allow: [] } }, "console.access.allow", "at least one"],
    [
      "of an empty audience",
      { access: { team: "acme", audience: "" } },
      "console.access.audience",
      "must be the AUD tag",
    ],
    [
      "by both ways",
      { access: { ...good, audience: AUDIENCE } },
      "console.access",
      "must have audience or allow, not both",
    ],
    [
      "for everybody",
      { access: { team: "acme", allow: ["@example.com", "*"] } },
      "console.access.allow[1]",
      "must be an e-mail address",
    ],
    [
      "for a top-level domain",
      { access: { team: "acme", allow: ["@com"] } },
      "console.access.allow[0]",
      "must be an e-mail address",
    ],
    ["at a URL", { access: good, domain: "https://events.example.com" }, "console.domain", "must be a host name"],
    [
      "of a colour that is none",
      { access: good, environment: { color: "red;}" } },
      "console.environment.color",
      "must be a CSS colour",
    ],
    [
      "of a long name",
      { access: good, environment: { name: "n".repeat(41) } },
      "console.environment.name",
      "at most 40 characters",
    ],
    ["that opens itself", { access: { ...good, local: true } }, "console.access.local", "is not a known key"],
    ["with another key", { access: good, LOCAL_ACTOR: "you" }, "console.LOCAL_ACTOR", "is not a known key"],
  ])("%s", async (_, console, path, message) => {
    const { faults, types } = await preview(console);
    expect(faults).toMatchObject([{ path, message: expect.stringContaining(message) }]);
    expect(types).toEqual(["cf-eventhub:infra:EventHub"]);
  });

  test("only beyond its limits", async () => {
    const environment = { name: "n".repeat(40), color: "crimson" };
    const { resources } = await deploy({ access: { team: "a", allow: ["a@b.co"] }, environment, domain: "e.co" });
    expect(bindingsOf(resources)).toMatchObject({ ENVIRONMENT_NAME: { text: "n".repeat(40) } });
  });
});
