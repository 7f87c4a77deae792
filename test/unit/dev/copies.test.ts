import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { routeCopies } from "../../../infra/local/routes/route-copies.ts";
import { consumerEntryOf } from "../../../infra/local/workers/consumer-entry.ts";
import { formatVariables, variablesOf } from "../../../infra/local/workers/variables.ts";
import { readProject } from "../../../infra/project/project.ts";
import { type Files, ProjectDirectory } from "../../support/project-directory.ts";

let root: string;
let project: ProjectDirectory;
beforeEach(() => {
  project = new ProjectDirectory();
  root = project.root;
});
afterEach(() => project[Symbol.dispose]());

const write = (files: Files) => project.write(files);

const PROJECT = {
  "hub/wrangler.json": { name: "hub", main: "index.ts" },
  "hub/index.ts":
    'import { Hub } from "cf-eventhub-workflows/hub";\nimport routing from "../routing.json";\nexport default class extends Hub {\n  configuration = routing;\n}\n',
  "executor/wrangler.json": {
    name: "executor",
    main: "index.ts",
    services: [
      { binding: "BILLING", service: "billing", entrypoint: "Billing" },
      { binding: "MAIL", service: "billing" },
    ],
  },
  "executor/index.ts":
    'import { Executor } from "cf-eventhub-workflows/executor";\nimport routes from "../routing.json";\nexport default class extends Executor {\n  configuration = routes;\n}\n',
  "routing.json": { routes: [{ destination: "BILLING" }] },
  "billing/wrangler.json": { name: "billing", main: "index.ts" },
  "billing/index.ts": "export class Billing {}\nexport default class {}\n",
};
const parts = () => {
  write(PROJECT);
  const { hub, executor, own } = readProject({ root });
  if (hub === undefined || executor === undefined || own[0] === undefined) throw new Error("not read");
  return { hub, executor, billing: own[0] };
};

test("hub and executor read one copy of the routes, which is replaced only by a valid one", async () => {
  const { hub, executor, billing } = parts();
  const copies = routeCopies(join(root, "copies"), [hub, executor], (routing) => ({ ...(routing as object), more: 1 }));
  const copy = join(root, "copies/routing-0.json");
  expect(copies.aliasOf(hub)).toEqual({ "../routing.json": copy });
  expect(copies.aliasOf(executor)).toEqual({ "../routing.json": copy });
  expect(copies.aliasOf(billing)).toEqual({});
  const again = readProject({ root });
  expect(again.hub && copies.aliasOf(again.hub)).toEqual({ "../routing.json": copy });
  await copies.update();
  const good = readFileSync(copy, "utf8");
  expect(JSON.parse(good)).toEqual({ routes: [{ destination: "BILLING" }], more: 1 });

  for (const [text, fault] of [
    ['{ "routes": [{}] }', /routing\.json:1:\d+: routes\[0\]/],
    ['{ "routes": [', /routing\.json:1:\d+: is not JSON/],
    ['{ "routes": [] } // none', /routing\.json: has comments or trailing commas, which a JSON module must not have/],
  ] as const) {
    write({ "routing.json": text });
    expect(() => copies.check()).toThrow(fault);
    await expect(copies.update()).rejects.toThrow(fault);
    expect(readFileSync(copy, "utf8")).toBe(good);
  }
});

test("a Worker's own secrets are kept, and settings of the stack take precedence", () => {
  const { hub } = parts();
  write({ "hub/.env": "IGNORED=1\n", "hub/.dev.vars": "DATABASE_URL=postgres://production\nKEY='a b'" });
  expect(variablesOf(hub, { DATABASE_URL: "postgres://u:p'@h/d" })).toBe(
    "DATABASE_URL=postgres://production\nKEY='a b'\nDATABASE_URL=`postgres://u:p'@h/d`\n",
  );
  rmSync(join(root, "hub/.dev.vars"));
  expect(variablesOf(hub, {})).toBe("IGNORED=1");
});

test.each([
  "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  'pa$$word#1 %24 "x" \\n',
  '{"routes":[]}',
  "it's",
  "both ' and `",
  "ends with \\",
  " around ",
  "two\nlines",
  "",
])("a variable reaches the Workers unchanged: %j", (value) => {
  expect(parseEnv(formatVariables({ BEFORE: "1", VALUE: value, AFTER: "2" }))).toEqual({
    BEFORE: "1",
    VALUE: value,
    AFTER: "2",
  });
});

test("a variable that cannot be quoted is refused, without showing its value", () => {
  expect(() => formatVariables({ VALUE: "' ` \" \\" })).toThrow(
    /^The value of VALUE cannot be passed to the local Workers: [^"]*$/,
  );
});

test("a consumer's module is wrapped in one with the entrypoints that the executor binds", () => {
  const { billing } = parts();
  const project = readProject({ root });
  const main = JSON.stringify(join(root, "billing/index.ts"));
  expect(consumerEntryOf(billing, project)?.split("\n").slice(0, 4)).toEqual([
    `import * as main from ${main};`,
    `export * from ${main};`,
    "export const Billing = told(main.Billing);",
    "export default told(main.default);",
  ]);
  expect(consumerEntryOf({ ...billing, config: { ...billing.config, rules: [] } }, project)).toBeUndefined();
  expect(consumerEntryOf({ ...billing, name: "another" }, project)).toBeUndefined();
});
