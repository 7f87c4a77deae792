import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { runCommandLine } from "../../../infra/cli/command-line.ts";
import { compileRoutes, explainDelivery } from "../../../workers/hub/routing/index.ts";
import { DOCUMENTS } from "../../support/pages.ts";
import { ran } from "../../support/run-here.ts";

const script = fileURLToPath(new URL("../../../infra/cli/routes.ts", import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "routes-"));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** Runs the command in this process, since starting another takes a second. The files' directory is removed from its output. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, out, err } = await ran(() => runCommandLine(["routes", ...args]));
  return {
    code,
    out: out.trimEnd().replaceAll(`${directory}/`, ""),
    err: err.trimEnd().replaceAll(`${directory}/`, ""),
  };
}

/** Runs the program itself, in the directory of the files. */
function start(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: directory,
    encoding: "utf8",
  });
  return { code: status, out: stdout, err: stderr };
}

const sound = file(
  "sound.json",
  `{ "routes": [
    { "name": "paid", "destination": "A", "condition": { "path": "$.kind", "prefix": "order." } },
    { "destination": "B", "condition": { "not": { "path": "$.items[*].price", "gte": 10 } } }
  ] }`,
);

describe("npm run routes", () => {
  test("check summarises a configuration without faults", () => {
    expect(start("check", "sound.json")).toEqual({
      code: 0,
      out: "sound.json: no faults: 2 routes (2 enabled) to 2 destinations\n",
      err: "",
    });
  });

  test("check uses the singular for one", async () => {
    const path = file("one.json", '{ "routes": [{ "destination": "A" }] }');
    expect((await run("check", path)).out).toBe("one.json: no faults: 1 route (1 enabled) to 1 destination");
    const none = file("none.json", '{ "routes": [] }');
    expect((await run("check", none)).out).toBe("none.json: no faults: 0 routes (0 enabled) to 0 destinations");
  });

  test("check lists the indexed paths, and reports a path that cannot have an index with its place", async () => {
    const path = file("indexed.json", '{ "indexes": ["$.order.id", "$.customer"], "routes": [] }');
    expect((await run("check", path)).out.split("\n")).toEqual([
      "indexed.json: no faults: 0 routes (0 enabled) to 0 destinations",
      "values found at once, by indexes of migrate --routing: $.order.id, $.customer",
    ]);
    const wild = file("wild.json", '{ "routes": [],\n  "indexes": ["$.a",\n    "$.items[*].sku"] }');
    expect((await run("check", wild)).err).toMatch(/^wild.json:3:5: indexes\[1\]: must be a JSONPath of names/);
  });

  test("check and explain accept comments and trailing commas, and say that a JSON module must not have them", async () => {
    const commented = file(
      "commented.jsonc",
      `// What goes where
{ "routes": [
    { "destination": "A", /* billing */ "condition": { "path": "$.__proto__.a", "exact": "//" }, },
] }`,
    );
    expect((await run("check", commented)).out).toBe(
      "commented.jsonc: no faults: 1 route (1 enabled) to 1 destination; has comments or trailing commas, which a JSON module must not have",
    );
    const payload = file("commented-payload.jsonc", '{ "__proto__": { "a": "//" } } // of a producer');
    expect((await run("explain", commented, payload)).out).toBe("match     routes[0] -> A\n1 of 1 routes match");
    const faulty = file("faulty.jsonc", '// One\n{ "routes": [\n  { "destination": 1 } // two\n] }');
    expect((await run("check", faulty)).err).toMatch(/^faulty.jsonc:3:20: routes\[0\].destination: /);
  });

  test("check accepts a configuration from the pages, with its comments", async () => {
    const [, configuration = ""] = /```jsonc\n(\{\n {2}"destinations": .*?)```/s.exec(DOCUMENTS) ?? [];
    expect((await run("check", file("readme.jsonc", configuration))).out).toMatch(
      /^readme.jsonc: no faults: 1 route \(1 enabled\) to 1 destination; has comments/,
    );
  });

  test("check prints every fault with its line and column", () => {
    file(
      "faulty.json",
      `{
  "oops": 1,
  "routes": [
    { "condition": { "path": "$.a" } },
    { "destination": "B",
      "condition": { "allOf": [{ "path": "$[", "exact": 1 }, { "path": "$.x", "match": "(?=a)" }] } }
  ]
}`,
    );
    expect(start("check", "faulty.json")).toEqual({
      code: 1,
      out: "",
      err: `faulty.json:2:3: oops: is not a known key
faulty.json:4:5: routes[0].destination: is required
faulty.json:4:20: routes[0].condition: must have an operator, such as exact, or be allOf, anyOf or not
faulty.json:6:42: routes[1].condition.allOf[0].path: is not an RFC 9535 JSONPath: unclosed bracketed selection ('$[':2)
faulty.json:6:88: routes[1].condition.allOf[1].match: has a lookahead, which cannot be matched in linear time
5 faults
`,
    });
  });

  test("check refuses invalid JSON, duplicate keys and a missing file", async () => {
    expect((await run("check", file("syntax.json", '{\n  "routes": []\n  "x": 1 }'))).err).toBe(
      "syntax.json:3:3: is not JSON: comma expected\n1 fault",
    );
    expect((await run("check", file("twice.json", '{ "routes": [],\n"routes": [] }'))).err).toBe(
      "twice.json:2:1: names routes a second time\n1 fault",
    );
    expect((await run("check", "missing.json")).err).toContain("missing.json: cannot be read");
  });

  test("explain prints why a route does not match, as text or as JSON", async () => {
    const payload = file("payload.json", '{ "kind": "order.paid", "items": [{ "price": 12 }] }');
    const { code, out } = await run("explain", sound, payload);
    expect(code).toBe(0);
    expect(out).toBe(`match     paid -> A
no match  routes[1] -> B
            routes[1].condition.not: not $.items[*].price gte 10: found 12
1 of 2 routes match`);
    expect(JSON.parse((await run("explain", sound, payload, "--json")).out)).toHaveLength(2);
    expect((await run("explain", sound, file("list.json", "[]"))).err).toBe(
      "list.json:1:1: a payload must be a JSON object\n1 fault",
    );
  });

  test("explain shows the result of a transform, as explainDelivery returns it", async () => {
    const configuration = {
      routes: [
        { name: "sums", destination: "A", transform: "{ 'total': $sum(items.price) }" },
        { name: "faulty", destination: "B", transform: "{ 'n': $number(kind) }" },
      ],
    };
    const payload = { kind: "order", items: [{ price: 3 }, { price: 4 }] };
    const explained = await explainDelivery(compileRoutes(configuration), payload);
    expect(explained.map(({ transformed }) => transformed)).toEqual([
      { payload: { total: 7 } },
      { fault: expect.stringMatching(/^routes\[1\]\.transform: Unable to cast value to a number: "order"/) },
    ]);
    const { out } = await run(
      "explain",
      file("transforms.json", JSON.stringify(configuration)),
      file("order.json", JSON.stringify(payload)),
      "--json",
    );
    expect(JSON.parse(out)).toEqual(explained);
  });

  test("--help prints the usage, with the words before the arguments", async () => {
    const { code, out } = await run("check", "--help");
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: eventhub routes check \[options\] <config\.json>\n/);
    expect((await run("-h")).out).toContain("\n  explain [options] <config.json> <payload.json>");
    expect(start("diff", "-h").out).toMatch(/^Usage: npm run routes -- diff \[options\] <old\.json> <new\.json>\n/);
  });

  test.each<[string[], string, string]>([
    [["check"], "error: missing required argument 'config.json'", "eventhub routes check"],
    [["explain", "a"], "error: missing required argument 'payload.json'", "eventhub routes explain"],
    [
      ["check", "a", "b"],
      "error: too many arguments for 'check'. Expected 1 argument but got 2: a, b.",
      "eventhub routes check",
    ],
    [["frobnicate", "a"], "error: unknown command 'frobnicate'", "eventhub routes"],
    [["check", "a", "--what"], "error: unknown option '--what'", "eventhub routes check"],
  ])("a wrong call prints one line, and where its help is: %j", async (args, message, command) => {
    expect(await run(...args)).toEqual({ code: 2, out: "", err: `${message}\nSee ${command} --help` });
  });

  test("a call without a command prints the help", async () => {
    const { code, out, err } = await run();
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("Usage: eventhub routes [options] [command]");
  });
});
