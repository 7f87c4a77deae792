import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CLOCK_TOLERANCE_SECONDS } from "../../../schema/vocabulary/limits.ts";
import { createTokenCheck, KeysUnavailable, TokenRefused } from "../../../workers/console/guards/access-token.ts";
import { makeKey, startTeam, type Team } from "../../support/access.ts";

let team: Team;
let check: (token: string) => Promise<string>;
let identify: ReturnType<typeof createTokenCheck>;
beforeEach(async () => {
  team = await startTeam();
  identify = createTokenCheck(team);
  check = async (token) => (await identify(token)).name;
});
afterEach(async () => {
  vi.useRealTimers();
  await team.stop();
});

const refused = (token: string) => expect(check(token)).rejects.toThrow(TokenRefused);
const now = () => Math.floor(Date.now() / 1_000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a token of the team, for this application", () => {
  test("identifies a person by e-mail, and a service token by its name", async () => {
    expect(await check(await team.token())).toBe("ada@example.com");
    expect(await check(await team.token({ claims: { email: undefined, common_name: "ci.access", sub: "" } }))).toBe(
      "ci.access",
    );
    expect(team.asked()).toBe(1);
  });

  test("gives the groups of the identity provider's custom claim, without values that are not groups", async () => {
    const groupsOf = async (custom: unknown) => (await identify(await team.token({ claims: { custom } }))).groups;
    expect(await groupsOf({ groups: ["oncall", 7, "dev"] })).toEqual(["oncall", "dev"]);
    for (const custom of [undefined, null, "oncall", { groups: "oncall" }, {}])
      expect(await groupsOf(custom)).toEqual([]);
  });

  test("is accepted if it is also for other applications", async () => {
    expect(await check(await team.token({ claims: { aud: ["b".repeat(64), team.audience] } }))).toBe("ada@example.com");
  });

  test("is accepted before its start and after its end by no more than the allowed difference of clocks", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Math.floor(Date.now() / 1_000) * 1_000 });
    expect(await check(await team.token({ claims: { exp: now() - CLOCK_TOLERANCE_SECONDS + 1 } }))).toBe(
      "ada@example.com",
    );
    await refused(await team.token({ claims: { exp: now() - CLOCK_TOLERANCE_SECONDS } }));
    expect(await check(await team.token({ claims: { nbf: now() + CLOCK_TOLERANCE_SECONDS } }))).toBe("ada@example.com");
    await refused(await team.token({ claims: { nbf: now() + CLOCK_TOLERANCE_SECONDS + 1 } }));
  });
});

describe("a token is refused", () => {
  test.each<[string, Record<string, unknown>]>([
    ["that has expired", { exp: 1_700_000_000 }],
    ["that is not valid yet", { nbf: 4_000_000_000, exp: 4_000_003_600 }],
    ["that never expires", { exp: undefined }],
    ["of another application", { aud: ["b".repeat(64)] }],
    ["of no application", { aud: undefined }],
    ["of another team", { iss: "https://evil.cloudflareaccess.com" }],
    ["of a team whose name goes on", { iss: "https://acme.cloudflareaccess.com.evil.example" }],
    ["of nobody", { iss: undefined }],
    ["of a session and not an application", { type: "org" }],
    ["that names nobody", { email: undefined }],
    ["that names nobody at length", { email: "a".repeat(201) }],
    ["whose name is no text", { email: { toString: "ada" } }],
  ])("%s", async (_, claims) => {
    await refused(await team.token({ claims }));
  });

  test("that is signed by somebody else with the id of the team's key", async () => {
    await refused(await team.token({ key: await makeKey("first") }));
  });

  test("that is signed with a key which the team does not publish", async () => {
    await refused(await team.token({ key: await makeKey("other") }));
  });

  test("if its claims were changed", async () => {
    const [header, payload, signature] = (await team.token()).split(".");
    const claims = JSON.parse(Buffer.from(payload ?? "", "base64url").toString()) as object;
    await refused(`${header}.${encode({ ...claims, email: "eve@example.com" })}.${signature}`);
  });

  test("without a signature (alg none)", async () => {
    const [, payload] = (await team.token()).split(".");
    for (const alg of ["none", "None", "NONE"]) await refused(`${encode({ alg, kid: "first" })}.${payload}.`);
  });

  test("that is signed with the public key as a shared secret (HS256)", async () => {
    const key = await makeKey("first");
    team.publish([key]);
    const [, payload] = (await team.token()).split(".");
    const signed = `${encode({ alg: "HS256", kid: "first" })}.${payload}`;
    for (const password of [JSON.stringify(key.jwk), String(key.jwk.n), Buffer.from(String(key.jwk.n), "base64url")]) {
      await refused(`${signed}.${createHmac("sha256", password).update(signed).digest("base64url")}`);
    }
    // The keys were not even requested.
    expect(team.asked()).toBe(0);
  });

  test("that names no key, or contains its own key", async () => {
    await refused(await team.token({ kid: null }));
    const own = await makeKey("own");
    const [, , signature] = (await team.token({ key: own })).split(".");
    const [, payload] = (await team.token()).split(".");
    await refused(`${encode({ alg: "RS256", kid: "own", jwk: own.jwk })}.${payload}.${signature}`);
  });

  test.each(["", ".", "..", "a.b.c", "eyJhbGciOiJSUzI1NiJ9", "null.null.null", "x".repeat(100_000)])(
    "if it is not a token: %.20s",
    async (text) => {
      await refused(text);
    },
  );
});

describe("the team's keys", () => {
  test("can be rotated: a new key is fetched for its first token after a pause, and one that was replaced is refused", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const old = await team.token();
    expect(await check(old)).toBe("ada@example.com");
    const [before, after] = [await makeKey("first"), await makeKey("second")];
    team.publish([after, before]);
    const fresh = await team.token({ key: after });
    // Unknown keys in tokens do not cause a request for each.
    await refused(fresh);
    expect(team.asked()).toBe(1);
    vi.setSystemTime(Date.now() + 31_000);
    expect(await check(fresh)).toBe("ada@example.com");
    expect(team.asked()).toBe(2);
    // A key that the team no longer publishes under this name is no longer accepted.
    await refused(old);
  });

  test.each<[string, "hang" | "not JSON" | number]>([
    ["fail", 500],
    ["are not there", 404],
    ["are elsewhere", 302],
    ["are no keys", "not JSON"],
    ["do not come", "hang"],
  ])("admit nobody while they %s", async (_, how) => {
    team.answer(how);
    const token = await team.token();
    await expect(check(token)).rejects.toThrow(KeysUnavailable);
    team.answer("keys");
    expect(await check(token)).toBe("ada@example.com");
  });

  test("admit nobody while their server does not listen", async () => {
    const token = await team.token();
    await team.stop();
    await expect(check(token)).rejects.toThrow(KeysUnavailable);
  });

  test("admit nobody by cached keys that are too old if the server does not answer", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const token = await team.token();
    expect(await check(token)).toBe("ada@example.com");
    team.answer(503);
    expect(await check(token)).toBe("ada@example.com");
    vi.setSystemTime(Date.now() + 601_000);
    await expect(check(token)).rejects.toThrow(KeysUnavailable);
  });
});
