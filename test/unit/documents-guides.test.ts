import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parse } from "jsonc-parser";
import { afterEach, expect, test, vi } from "vitest";
import { unstable_readConfig as readConfig } from "wrangler";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { retryDelaySeconds } from "../../workflows/backoff.ts";
import { PAGES } from "../support/pages.ts";
import { ROOT } from "../support/wrangler-config.ts";

/** Claims of the guides that a block of code alone does not show. */

const pageOf = (path: string) => PAGES.get(path) ?? "";
const blocksOf = (page: string, language: string) =>
  [...pageOf(page).matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "gs"))].map(([, code = ""]) => code);

test("the guide's D1 consumer does its work once for each key, however often it is called", () => {
  const [, code = ""] = /## With D1(.*?)\n## /s.exec(pageOf("workflows/idempotency.md")) ?? [];
  const [schema = ""] = [...code.matchAll(/```sql\n(.*?)```/gs)].map(([, sql = ""]) => sql);
  const [work = "", remember = ""] = [...code.matchAll(/prepare\(\s*"([^"]+)"/g)].map(([, sql = ""]) => sql);
  const database = new DatabaseSync(":memory:");
  database.exec(
    `${schema} create table accounts (id text, balance int); insert into accounts values ('a', 0), ('b', 0)`,
  );
  const handle = (key: string) => {
    database.prepare(work).run(12, "a", key);
    return database.prepare(remember).run(key).changes === 0 ? "ignored" : "complete";
  };
  expect([handle("one"), handle("one"), handle("two")]).toEqual(["complete", "ignored", "complete"]);
  expect(database.prepare("select id, balance from accounts").all()).toEqual([
    { id: "a", balance: 24 },
    { id: "b", balance: 0 },
  ]);
});

test("the guide's outbox in D1 returns entries oldest first until they are removed", () => {
  const page = pageOf("workers/hub/emit/safely.md");
  const [schema = ""] = blocksOf("workers/hub/emit/safely.md", "sql");
  const [look = "", take = "", , put = ""] = [...page.matchAll(/prepare\(\s*"([^"]+)"/g)].map(([, sql = ""]) => sql);
  const database = new DatabaseSync(":memory:");
  database.exec(schema);
  for (const key of ["b", "a"]) database.prepare(put).run(key, "{}");
  const keys = () =>
    database
      .prepare(look)
      .all()
      .map(({ key }) => key);
  expect(keys()).toEqual(["b", "a"]);
  database.prepare(take).run("b");
  expect(keys()).toEqual(["a"]);
});

const UNITS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600, days: 86_400 };

/** A time in the form of a page, in the unit of its text. */
const written = (seconds: number, told: string): string => {
  const [number = "", unit = ""] = told.split(" ");
  return `${(seconds / (UNITS[unit] ?? Number.NaN)).toFixed(number.split(".")[1]?.length ?? 0)} ${unit}`;
};

test("the page on retries has the right duration for each setting", () => {
  const rows = [
    ...pageOf("workflows/retries.md").matchAll(
      /^\| (constant|exponential), (\d+)(?:, (\d+))?.*? \| (\d+) \| (.+?) \| (.+?) \|$/gm,
    ),
  ];
  expect(rows).toHaveLength(6);
  for (const [row, type, base, max, retries, average = "", most = ""] of rows) {
    const policy =
      type === "constant"
        ? ({ type, interval: Number(base) } as const)
        : ({ type: "exponential", base: Number(base), max: Number(max) } as const);
    const total = (chance: number) =>
      Array.from({ length: Number(retries) }, (_, n) => retryDelaySeconds(policy, n + 1, () => chance)).reduce(
        (sum, wait) => sum + wait,
      );
    expect([row, written(total(0.5), average), written(total(1), most)]).toEqual([row, average, most]);
  }
});

test("the guide's condition matches the events that EventBridge's pattern beside it describes", () => {
  const [, json = "{}"] = blocksOf("workers/hub/from-inngest-or-eventbridge.md", "json");
  const routes = compileRoutes(JSON.parse(json));
  const taken = (detail: object, more: object = {}) =>
    routes.match({ source: "shop", "detail-type": "order.paid", detail: { ...detail }, ...more }).length === 1;
  expect(taken({ total: 1, country: "DE" })).toBe(true);
  expect(taken({ total: 1_000, country: "DE" })).toBe(true);
  expect(taken({ total: 0, country: "DE" })).toBe(false);
  expect(taken({ total: 1_001, country: "DE" })).toBe(false);
  expect(taken({ total: 1, country: "XX" })).toBe(false);
  expect(taken({ total: 1, country: "DE", coupon: "c" })).toBe(false);
  expect(taken({ total: 1, country: "DE" }, { source: "web" })).toBe(false);
  expect(taken({ total: 1, country: "DE" }, { "detail-type": "cart.open" })).toBe(false);
});

const directory = mkdtempSync(join(tmpdir(), "eventhub-environments-"));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** The order in which a page deploys the hub's own Workers, each time that it gives one. */
const ORDERS: Readonly<Record<string, RegExp>> = {
  "workers/upgrading.md": /\| 1\. \[migrate\].*?\n\n/gs,
  "workers/production.md": /Migrate, then deploy .*?:/gs,
  "workers/environments.md": /for worker in (?=workers\/consumer).*?;/g,
  "workers/README.md": /for worker in hub\/wrangler.*?;/g,
  "infra/cli/init/README.md": /npm run deploy .*/g,
};

test.each(Object.entries(ORDERS))("%s deploys the hub before the Workers that bind it", (page, pattern) => {
  const orders = pageOf(page).match(pattern) ?? [];
  expect(orders).toHaveLength(1);
  const named = [...orders.join().matchAll(/(?:deploy the |then the |[/ ,])\[?(hub|executor|console|metrics)\b/g)];
  const order = [...new Set(named.map(([, name]) => name))];
  expect(order).toEqual(["hub", "executor", "console", "metrics"].slice(0, order.length));
  expect(order.length).toBeGreaterThanOrEqual(3);
});

/** The parts of a binding that are read here: wrangler's types of bindings are empty outside of wrangler. */
type Bound = Readonly<Partial<Record<"binding" | "service" | "entrypoint" | "name", string>>>;

test("wrangler accepts the page's environments in the configurations of `init` without a warning", () => {
  const warned = vi.spyOn(console, "warn");
  const read = (shown: string) => {
    const [, file = "", block = ""] = /^\/\/ (.*?)\n(.*)$/s.exec(shown) ?? [];
    const [set, path] = file.startsWith("each producer")
      ? ["example", "workers/producer/wrangler.jsonc"]
      : ["hub", file];
    const written = readFileSync(join(ROOT, "infra/templates", set, path), "utf8");
    const target = join(directory, `${path.replace(/c$/, "")}`);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, JSON.stringify({ ...parse(written), ...parse(`{${block}}`) }));
    return readConfig({ config: target, env: "staging" });
  };
  const told = blocksOf("workers/environments.md", "jsonc").map((block) => {
    const { name, queues, services = [], workflows, triggers } = read(block);
    const { producers = [], consumers = [] } = queues;
    return {
      name,
      crons: triggers.crons,
      queues: [...producers, ...consumers].map(({ queue }) => queue),
      services: services.map(({ binding, service, entrypoint }: Bound) =>
        [binding, service, entrypoint].join(" ").trim(),
      ),
      workflows: workflows.map(({ binding, name }: Bound) => [binding, name].join(" ")),
    };
  });
  const none = { crons: undefined, queues: [], services: [], workflows: [] };
  const [queue, hub] = ["eventhub-dispatches-staging", "eventhub-hub-staging"];
  expect(told).toEqual([
    { ...none, name: hub, crons: ["0 4 * * *"], queues: [queue] },
    {
      name: "eventhub-executor-staging",
      crons: ["0 4 * * *"],
      queues: [queue, queue],
      services: ["BILLING eventhub-consumer-staging"],
      workflows: ["DISPATCH eventhub-dispatch-staging"],
    },
    { ...none, name: "eventhub-console-staging", services: [`OPERATOR ${hub} Operator`, `EVENTHUB ${hub}`] },
    { ...none, name: "eventhub-producer-staging", services: [`EVENTHUB ${hub}`] },
  ]);
  expect(warned).not.toHaveBeenCalled();
});
