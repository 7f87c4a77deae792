import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, test, vi } from "vitest";
import { handleContext } from "../../infra/testing/index.ts";
import { isWebhookSecret } from "../../schema/config/destinations/webhook-secret.ts";
import { parseRouteConfig, RouteConfigError } from "../../schema/config/routes.ts";
import {
  MAX_HEADER_VALUE_LENGTH,
  MAX_WEBHOOK_KEY_BYTES,
  MIN_WEBHOOK_KEY_BYTES,
} from "../../schema/vocabulary/limits.ts";
import { webhook } from "../../workflows/kinds/webhook.ts";

const HOOK = { kind: "webhook", url: "https://example.com/", secrets: ["KEY"] } as const;

function faultsOf(part: object): string[] {
  try {
    parseRouteConfig({ destinations: { HOOK: { ...HOOK, ...part } }, routes: [] });
    return [];
  } catch (error) {
    if (!(error instanceof RouteConfigError)) throw error;
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
}

afterEach(() => vi.restoreAllMocks());

describe("the headers of a webhook", () => {
  test.each([
    ...["Webhook-Id", "WEBHOOK-SIGNATURE", "webhook-timestamp", "Webhook-Anything", "Content-Type", "content-length"],
    ...[
      "Content-Encoding",
      "HOST",
      "User-Agent",
      "Traceparent",
      "Tracestate",
      "Baggage",
      "Connection",
      "Keep-Alive",
      "Proxy-Connection",
    ],
    ...["Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Expect"],
  ])("cannot include %s, which the configuration may not set", (name) => {
    const place = name.includes("-") ? `["${name}"]` : `.${name}`;
    expect(faultsOf({ headers: { "X-Version": "1", [name]: "mine" } })).toEqual([
      `destinations.HOOK.headers${place}: is a header that the hub or the connection sets`,
    ]);
  });

  test("cannot include any that the hub sends itself", async () => {
    const fetched = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response());
    const context = handleContext({ traceparent: "00-1-2-01", tracestate: "a=1", baggage: "b=2" });
    const destination = { ...HOOK, secrets: ["KEY"], groupSize: 1, headers: { "X-Version": "1" } };
    const target = {
      destination,
      binding: undefined,
      bindings: { KEY: "whsec_bmV3LXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==" },
    };
    const item = { payload: {}, context, timeoutSeconds: 1 };
    expect(await webhook.call(target, item, AbortSignal.timeout(10_000))).toMatchObject({ result: "complete" });
    const sent = [...new Headers(fetched.mock.calls[0]?.[1]?.headers).keys()];
    expect(sent).toEqual(
      expect.arrayContaining(["baggage", "content-type", "traceparent", "tracestate", "webhook-id", "x-version"]),
    );
    const accepted = sent.filter((name) => faultsOf({ headers: { [name]: "mine" } }).length === 0);
    expect(accepted).toEqual(["x-version"]);
  });

  test("can include others, even Authorization", () => {
    const headers = {
      Authorization: "Bearer abc",
      "X-Version": "x".repeat(MAX_HEADER_VALUE_LENGTH),
      ["x".repeat(100)]: "",
    };
    expect(faultsOf({ headers })).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ["a list", ["X: 1"], ": must be an object of headers by name"],
    ["a name with a space", { "a b": "1" }, ": must have names of 1 to 100 letters, digits and -"],
    ["a name that is too long", { ["x".repeat(101)]: "1" }, ": must have names of 1 to 100 letters, digits and -"],
    [
      "a value that is too long",
      { X: "x".repeat(MAX_HEADER_VALUE_LENGTH + 1) },
      ".X: must be printable ASCII of at most 1000 characters",
    ],
    ["a value of two lines", { X: "a\nb" }, ".X: must be printable ASCII of at most 1000 characters"],
  ])("cannot be, or include, %s", (_, headers, fault) => {
    expect(faultsOf({ headers })).toEqual([`destinations.HOOK.headers${fault}`]);
  });
});

test.each<[string, object]>([
  ["a header of illegal characters", { headers: { Authorization: "Bearer s3cr3t\u0001" } }],
  ["a header that is too long", { headers: { Authorization: `s3cr3t${"x".repeat(1_000)}` } }],
  ["a header's value in its name", { headers: { "Authorization: s3cr3t": "" } }],
  ["a header that is no text", { headers: { Authorization: ["s3cr3t"] } }],
  ["headers that are a text", { headers: "Authorization: s3cr3t" }],
  ["a url that is too long", { url: `https://example.com/?s3cr3t=${"x".repeat(2_000)}` }],
  ["a url that is none", { url: "s3cr3t" }],
  ["a url in a list", { url: ["s3cr3t"] }],
  ["a url elsewhere", { url: "https://example.com/s3cr3t", allowHosts: ["example.org"] }],
  ["a secret in place of its name", { secrets: ["whsec_s3cr3t"] }],
  ["a secret in place of names", { secrets: "whsec_s3cr3t" }],
])("a fault does not show what may be secret: %s", (_, part) => {
  const found = faultsOf(part);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^destinations\.HOOK\.(headers|url|secrets)\b/);
  expect(found[0]).not.toContain("s3cr3t");
});

describe("the secret of a webhook", () => {
  const base64 = (bytes: number) => Buffer.alloc(bytes, 7).toString("base64");
  const target = (secret: string) => ({
    destination: { ...HOOK, secrets: ["KEY"], groupSize: 1, headers: {} },
    binding: undefined,
    bindings: { KEY: secret },
  });
  const call = (secret: string) =>
    webhook.call(
      target(secret),
      { payload: {}, context: handleContext(), timeoutSeconds: 1 },
      AbortSignal.timeout(10_000),
    );

  test.each([
    `whsec_${base64(MIN_WEBHOOK_KEY_BYTES)}`,
    `whsec_${base64(32)}`,
    `whsec_${base64(MAX_WEBHOOK_KEY_BYTES)}`,
    base64(32),
  ])("can be %s", async (secret) => {
    const fetched = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response());
    expect(isWebhookSecret(secret)).toBe(true);
    expect(await call(secret)).toMatchObject({ result: "complete" });
    const [, init] = fetched.mock.calls[0] ?? [];
    expect(
      new Webhook(secret).verify("{}", Object.fromEntries(new Headers(init?.headers)), { jsonParse: true }),
    ).toEqual({});
  });

  test.each([
    ["hunter2"],
    ["whsec_hunter2"],
    ["whsec_"],
    ["whsec_eA=="],
    [`whsec_${base64(MIN_WEBHOOK_KEY_BYTES - 1)}`],
    [`whsec_${base64(MAX_WEBHOOK_KEY_BYTES + 1)}`],
    [`whsec_whsec_${base64(32)}`],
    [`WHSEC_${base64(32)}`],
    [`whsec_${base64(32)} `],
    [`whsec_${base64(32)}\n`],
    // Other spellings of the same bytes.
    [`whsec_${base64(32).replace("=", "")}`],
    [`whsec_${base64(32).replace(/.=$/, "d=")}`],
    [`whsec_${"-_".repeat(16)}`],
    ["whsec_not base64 §"],
  ])("cannot be %j, and then nothing is sent", async (secret) => {
    const fetched = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response());
    expect(isWebhookSecret(secret)).toBe(false);
    expect(await call(secret)).toMatchObject({
      result: "misconfigured",
      reason: "the secret KEY must be whsec_ and base64 of 24 to 64 random bytes",
      retry: "terminal",
    });
    expect(fetched).not.toHaveBeenCalled();
  });
});
