import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, expect, test } from "vitest";
import { runCommandLine } from "../../infra/cli/command-line.ts";
import { describe as bannerOf } from "../../infra/cli/dev/banner.ts";
import { createPrinter } from "../../infra/cli/dev/printer.ts";
import { tailLine } from "../../infra/cli/ops/tail/line.ts";
import { formatFaults, formatTable } from "../../infra/demo/once/report.ts";
import type { Stack } from "../../infra/local/stack.ts";
import type { Project } from "../../infra/project/project.ts";
import { readWranglerFile } from "../../infra/project/wrangler-file.ts";
import { PAGES } from "../support/pages.ts";
import { ran } from "../support/run-here.ts";
import { ROOT } from "../support/wrangler-config.ts";

/** The outputs that the pages show are produced again. */

test("the README shows lines of the demo's report as they are printed, except for latencies", () => {
  const shown = shownOn("README.md", "text");
  const rows = [...shown.matchAll(/^│ ([A-Z]\w*) +│ \w+ +│ (\w+) +│ +(\d+) │ +(\d+) │ +(\d+) │$/gm)];
  expect(rows.length).toBeGreaterThan(3);
  const groups = rows.map(([, destination = "", status = "", ...counts]) => {
    const [dispatches = 0, attempts = 0, retries = 0] = counts.map(Number);
    return { destination, status, dispatches, attempts, retries, p50Ms: 12, p99Ms: 34 };
  });
  const table = formatTable(groups).split("\n");
  expect(shown.split("\n").slice(1, -1)).toEqual(table.map(withoutLatencies));
  // Good, as the demo judges a whole run: the failures are intended.
  const counts = { total: 1, final: 1, ongoing: 0 };
  expect(formatFaults({ emitted: 329, seconds: 1, counts, groups, all: groups, missing: 0 })).toBe("");
});

/** A line of a table without its last two columns. */
const withoutLatencies = (line: string): string => {
  const [first = "", ...cells] = line.split(/[│┬┴]/);
  if (first !== "") return line.replace(/(?:[┬┴]─+){2}([┐┘])$/, "$1");
  return `│${cells.slice(0, -3).join("│")}│`;
};

const directory = mkdtempSync(join(tmpdir(), "eventhub-outputs-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The first block of a language on a page. */
const shownOn = (page: string, language: string) =>
  new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(PAGES.get(page) ?? "")?.[1] ?? "";

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** What a command prints, as one sees it in the files' directory. */
async function printed(...args: string[]): Promise<string> {
  const { out, err } = await ran(() => runCommandLine(args));
  return `${out}${err}`.replaceAll(`${directory}/`, "");
}

const ROUTES = (pattern: string) => `{
  "routes": [
    { "name": "large orders", "destination": "ORDERS", "condition": { "path": "$.total", "gte": 1000 } },
    {
      "destination": "AUDIT",
      "condition": { "not": { "path": "$.items[*].price", "gte": 10 } }
    }${pattern}
  ]
}`;

const LOOKAHEAD = `,
    {
      "destination": "SEARCH",
      "condition": {
        "allOf": [
      { "path": "$.id", "match": "^(?!test-)" }
    ] } }`;

/** Every page with a block of what is printed, and the test that prints it again. */
const PRINTED_AGAIN = {
  "README.md": "test/unit/documents-outputs.test.ts",
  "infra/cli/init/README.md": "test/unit/doctor/examine.test.ts",
  "infra/cloudflare/README.md": "test/integration/routes-diff.test.ts",
  "infra/local/README.md": "test/unit/documents-outputs.test.ts",
  "workers/hub/routing/README.md": "test/unit/documents-outputs.test.ts",
};

test("every block of output on a page has a test that produces it", () => {
  const shown = [...PAGES].flatMap(([page, text]) =>
    [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, language = "", block = ""]) =>
      // Drawings are not printed by anything.
      ["console", "text", ""].includes(language) && !block.includes("-->") ? [page] : [],
    ),
  );
  expect(shown).toEqual(Object.keys(PRINTED_AGAIN));
  const unaware = Object.entries(PRINTED_AGAIN).filter(
    ([page, path]) => !readFileSync(join(ROOT, path), "utf8").includes(page),
  );
  expect(unaware).toEqual([]);
});

test("the page on routes shows the output of routes check and routes explain", async () => {
  const [checked, explained] = shownOn("workers/hub/routing/README.md", "console")
    .split(/^\$ npx cf-eventhub-workflows routes \w+ .*\n/m)
    .slice(1);
  const faulty = write("routes.json", ROUTES(LOOKAHEAD));
  expect(await printed("routes", "check", faulty)).toBe(checked);
  const routes = write("routes.json", ROUTES(""));
  const payload = write("payload.json", '{ "total": 1200, "items": [{ "price": 3 }, { "price": 12 }] }');
  expect(await printed("routes", "explain", routes, payload)).toBe(explained);
});

test("the page on the local stack shows the output of dev", async () => {
  const root = directory;
  write("hub.jsonc", '{ "name": "eventhub-hub", "main": "hub.ts" }');
  write("hub.ts", 'import routing from "./routing.json";\nexport default { configuration = routing };');
  write("routing.json", readFileSync(join(ROOT, "infra/templates/example/eventhub/routing.json"), "utf8"));
  const hub = readWranglerFile(join(root, "hub.jsonc"));
  const own = ["shop-api", "shop-billing"].map((name) =>
    readWranglerFile(write(`${name}.json`, JSON.stringify({ name }))),
  );
  const project: Project = { root, own, hub, executor: hub, console: hub, metrics: undefined, missing: [] };
  // Only the parts from which the text is made.
  const stack = {
    origin: "http://127.0.0.1:3041",
    paths: { workersLog: `${root}/.eventhub/logs/workers.log` },
    database: { own: true, url: "postgres://postgres:postgres@127.0.0.1:3042/eventhub" },
    workers: [{ name: "shop-api", url: "http://localhost:8787" }],
  } as unknown as Stack;
  const banner = bannerOf(stack, project, 6_200);

  const printer = createPrinter(project, false);
  const say = (level: "info" | "error", text: string) => printer.message({ from: "shop-billing", level, text });
  const of = {
    key: "k",
    at: new Date(0),
    eventId: "e",
    kind: "order.paid",
    dispatchId: "d",
    destination: "BILLING",
    route: "r",
    reason: null,
    tookMs: 12,
  } as const;
  const { out } = await ran(async () => {
    say("info", "charging order 7");
    printer.line(tailLine({ ...of, what: "result", status: "complete", attempts: 1 }));
    say("error", `TypeError: card declined\n    at Billing.handle (file://${root}/workers/billing/index.ts:5:51)`);
    const failed = { result: "failed", attempt: 1, reason: "TypeError: card declined" } as const;
    printer.line(tailLine({ ...of, ...failed, what: "attempt", nextAttemptAt: new Date(1_000) }));
  });
  expect(`${stripVTControlCharacters(banner).trimStart()}\n${out}`).toBe(shownOn("infra/local/README.md", "text"));
});
