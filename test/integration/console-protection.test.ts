import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_FORM_BYTES } from "../../workers/console/guards/form-guards.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem({ console: { LOCAL_ACTOR: "ada@example.com", ENVIRONMENT_COLOR: "crimson" } });
});
afterAll(() => system.stop());

const ORIGIN = "http://localhost:3041";
const FORM = "application/x-www-form-urlencoded";

/**
 * Asks the console. It does not read the rest of a body that is too large, and closes the connection, maybe before its answer was read. So each request
 * has a connection of its own, and is repeated if that breaks, as a browser does.
 */
function ask(path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  const headers = { ...init.headers, Connection: "close" };
  const send = () =>
    system.harness.getWorker("console").fetch(`${ORIGIN}${path}`, { redirect: "manual", ...init, headers });
  const broken = (error: unknown) => {
    if (error instanceof TypeError && error.message === "fetch failed") return undefined;
    throw error;
  };
  return eventually(() => send().catch(broken), `${path} is answered`);
}

const post = (headers: Record<string, string>, body = "a=b", path = "/") =>
  ask(path, { method: "POST", headers, body });

/** The address of the styles, as a page names it. */
async function styles(): Promise<string> {
  return /\/assets\/[0-9a-f]{16}\/console\.css/.exec(await (await ask("/")).text())?.[0] ?? "";
}

describe("every answer", () => {
  test.each<[string, number, () => ReturnType<typeof ask>]>([
    ["a page", 200, () => ask("/")],
    ["a file for the browser", 200, async () => ask(await styles())],
    ["a file that is no more", 404, () => ask("/assets/0000000000000000/console.css")],
    ["an address that is none", 404, () => ask("/nowhere")],
    ["another method", 405, () => ask("/", { method: "PUT", headers: { Origin: ORIGIN } })],
    ["another site's form", 403, () => post({ "Content-Type": FORM, Origin: "https://evil.example" })],
    ["what is no form", 415, () => post({ "Content-Type": "application/json", Origin: ORIGIN }, "{}")],
    [
      "a form that is too large",
      413,
      () => post({ "Content-Type": FORM, Origin: ORIGIN }, "a".repeat(MAX_FORM_BYTES + 1)),
    ],
    ["somebody who is not let in", 403, () => system.harness.getWorker("console").fetch("http://console.example/")],
  ])("for %s (%i) says what the browser may do with it", async (name, status, asked) => {
    const response = await asked();
    expect(response.status).toBe(status);
    await response.text();
    const header = (field: string) => response.headers.get(field);
    expect(header("Content-Security-Policy")).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self' 'sha256-[A-Za-z0-9+/]{43}='; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(header("X-Content-Type-Options")).toBe("nosniff");
    expect(header("Referrer-Policy")).toBe("same-origin");
    expect(header("X-Frame-Options")).toBe("DENY");
    expect(header("Cross-Origin-Opener-Policy")).toBe("same-origin");
    expect(header("Strict-Transport-Security")).toMatch(/^max-age=\d{7,}/);
    const kept = name.startsWith("a file") && status === 200;
    expect(header("Cache-Control")).toBe(kept ? "public, max-age=31536000, immutable" : "no-store");
  });
});

describe("a form", () => {
  // A form of the console's own page is answered by the page that it is sent to: here with 405, since the first page takes no forms.
  test.each([
    ["the console's own, by Origin and Sec-Fetch-Site", { Origin: ORIGIN, "Sec-Fetch-Site": "same-origin" }, 405],
    ["the console's own, by Origin", { Origin: ORIGIN }, 405],
    ["the console's own, by Sec-Fetch-Site", { "Sec-Fetch-Site": "same-origin" }, 405],
    ["of nobody knows where", {}, 403],
    ["of another site", { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" }, 403],
    ["of another port of this machine", { Origin: "http://localhost:8080", "Sec-Fetch-Site": "same-site" }, 403],
    ["of the same host over another scheme", { Origin: "https://localhost:3041" }, 403],
    ["of a sandbox or a file", { Origin: "null" }, 403],
    ["typed by hand", { "Sec-Fetch-Site": "none" }, 403],
    ["whose Sec-Fetch-Site is made up", { "Sec-Fetch-Site": "same-origin, same-origin" }, 403],
  ])("%s: %o is answered %i", async (_, headers, status) => {
    for (const type of [FORM, "multipart/form-data; boundary=x", `${FORM.toUpperCase()}; charset=utf-8`]) {
      const body = type.startsWith("multipart") ? "--x--\r\n" : "a=b";
      const response = await post({ ...(headers as Record<string, string>), "Content-Type": type }, body);
      expect([type, response.status]).toEqual([type, status]);
      await response.text();
    }
  });

  test("is the only body that is accepted: other bodies are refused, wherever they come from", async () => {
    for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded-not", "text/html", ""]) {
      const response = await post({ "Content-Type": type, Origin: ORIGIN }, "{}");
      expect([type, response.status]).toEqual([type, 415]);
      await response.text();
    }
  });

  test("may have 4 MiB, and not a byte more", async () => {
    const sizes = [MAX_FORM_BYTES, MAX_FORM_BYTES + 1];
    const statuses = sizes.map(
      async (size) => (await post({ "Content-Type": FORM, Origin: ORIGIN }, "a".repeat(size))).status,
    );
    expect(await Promise.all(statuses)).toEqual([405, 413]);
  });
});

test("the environment's colour is a style of its own", async () => {
  const response = await ask("/environment.css");
  expect([response.headers.get("Content-Type"), await response.text()]).toEqual([
    "text/css; charset=utf-8",
    ":root { --environment: crimson }\n",
  ]);
});

describe("methods", () => {
  test("an unknown address is unknown for every method, and a page accepts the methods that it names", async () => {
    for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const headers = { Origin: ORIGIN, "Content-Type": FORM };
      const nowhere = await ask("/nowhere", { method, headers });
      expect([method, nowhere.status]).toEqual([method, 404]);
      await nowhere.text();
      const first = await ask("/", { method, headers });
      const taken = method === "GET" || method === "HEAD";
      expect([method, first.status, first.headers.get("Allow")]).toEqual([
        method,
        taken ? 200 : 405,
        taken ? null : "GET, HEAD",
      ]);
      await first.text();
    }
  });
});
