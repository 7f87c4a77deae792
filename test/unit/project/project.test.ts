import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { routeModuleOf } from "../../../infra/project/find-route-module.ts";
import { type Project, readProject } from "../../../infra/project/project.ts";
import { readWranglerFile } from "../../../infra/project/wrangler-file.ts";
import { DESTINATION_KINDS } from "../../../schema/config/destinations/index.ts";
import type { DestinationKind } from "../../../schema/config/destinations/kind.ts";
import { type Files, ProjectDirectory } from "../../support/project-directory.ts";
import { ROOT } from "../../support/wrangler-config.ts";

let root: string;
let project: ProjectDirectory;
beforeEach(() => {
  project = new ProjectDirectory();
  root = project.root;
});
afterEach(() => project[Symbol.dispose]());

const write = (files: Files) => project.write(files);

const HUB = {
  "hub/wrangler.jsonc": `{
  // the hub
  "name": "shop-hub", "main": "index.ts"
}`,
  "hub/index.ts":
    'import { Hub } from "cf-eventhub-workflows/hub";\nimport routing from "../routing.json";\nexport default class extends Hub {\n  protected override readonly configuration = routing;\n}\n',
};
const EXECUTOR = {
  "executor/wrangler.jsonc": {
    name: "shop-executor",
    main: "index.ts",
    services: [{ binding: "BILLING", service: "billing" }],
    queues: { producers: [{ binding: "JOBS", queue: "jobs" }] },
  },
  "executor/index.ts": "import { Executor } from 'cf-eventhub-workflows/executor';\n",
};

const names = ({ hub, executor, console, own }: Project) => ({
  hub: hub?.name,
  executor: executor?.name,
  console: console?.name,
  own: own.map(({ name }) => name),
});

test("a project consists of the hub's parts and the Workers that are connected to them", () => {
  write({
    ...HUB,
    ...EXECUTOR,
    "console/wrangler.jsonc": {
      name: "shop-console",
      main: "../node_modules/cf-eventhub-workflows/dist/workers-scripts/console/worker.js",
    },
    "apps/shop/wrangler.toml": 'name = "shop"\n[[services]]\nbinding = "EVENTHUB"\nservice = "shop-hub"\n',
    "apps/front/wrangler.json": { name: "front", services: [{ binding: "SHOP", service: "shop" }] },
    "apps/billing.wrangler.jsonc": { name: "billing" },
    "apps/jobs/wrangler.jsonc": { name: "jobs-consumer", queues: { consumers: [{ queue: "jobs" }] } },
    "apps/unrelated/wrangler.jsonc": { name: "unrelated" },
    "node_modules/x/wrangler.jsonc": { name: "shop-hub" },
    ".hidden/wrangler.jsonc": { name: "shop-hub" },
  });
  expect(names(readProject({ root }))).toEqual({
    hub: "shop-hub",
    executor: "shop-executor",
    console: "shop-console",
    own: ["billing", "front", "jobs-consumer", "shop"],
  });
});

test("a Worker that only mentions the hub or imports its types is not a second hub", () => {
  write({
    ...HUB,
    ...EXECUTOR,
    "billing/wrangler.jsonc": { name: "billing", main: "index.ts" },
    "billing/index.ts": `// As in "cf-eventhub-workflows/hub": import { Hub } from "cf-eventhub-workflows/hub";
/* import { Hub } from "cf-eventhub-workflows/hub" */
import type { Hub } from "cf-eventhub-workflows/hub";
import { type Operator } from "cf-eventhub-workflows/hub";
const told = 'import { Hub } from "cf-eventhub-workflows/hub"';
`,
  });
  expect(names(readProject({ root }))).toEqual({
    hub: "shop-hub",
    executor: "shop-executor",
    console: undefined,
    own: ["billing"],
  });
});

test("if configurations are named, the project consists of exactly those", () => {
  write({ ...HUB, ...EXECUTOR, "other/wrangler.jsonc": { name: "other" } });
  const project = readProject({ root, configs: ["hub/wrangler.jsonc", "other/wrangler.jsonc"] });
  expect(names(project)).toEqual({ hub: "shop-hub", executor: undefined, console: undefined, own: ["other"] });
});

test("a bound Worker without a configuration is reported as missing, at the place of the binding", () => {
  write({
    ...HUB,
    "executor/wrangler.jsonc":
      '{\n  "name": "executor",\n  "services": [{ "binding": "A", "service": "nobody" }],\n  "workflows": [{ "binding": "DISPATCH" }]\n}',
  });
  expect(readProject({ root }).missing).toEqual([
    { name: "nobody", place: `${join(root, "executor/wrangler.jsonc")}:3:45` },
  ]);
});

test("a place in a TOML file is the line of the key, or of its table", () => {
  write({
    "hub/wrangler.toml":
      'name = "hub"\nmain = "index.ts"\n\n[[services]]\nbinding = "A"\nservice = "a"\n\n[[services]]\n  binding = "B"\n  service = "nobody"\n[queues]\nproducers = []\n',
  });
  const file = readWranglerFile(join(root, "hub/wrangler.toml"));
  const places = [
    ["main"],
    ["services", 1, "service"],
    ["services", 0, "entrypoint"],
    ["queues", "producers", 0],
    ["vars", "A"],
  ];
  expect(places.map((keys) => relative(root, file.place(keys)))).toEqual([
    ...["hub/wrangler.toml:2:1", "hub/wrangler.toml:10:3", "hub/wrangler.toml:4:1", "hub/wrangler.toml:12:1"],
    "hub/wrangler.toml:1:1",
  ]);
});

test("the parts of this repository are recognised by their bindings", () => {
  const project = readProject({ root: join(ROOT, "workers") });
  expect(names(project)).toMatchObject({
    hub: "eventhub-hub",
    executor: "eventhub-executor",
    console: "eventhub-console",
  });
  expect(project.own.map(({ path }) => relative(ROOT, path))).toEqual([
    "workers/demo/consumers.wrangler.jsonc",
    "workers/demo/wrangler.jsonc",
  ]);
});

test("the route configuration is the module that the hub uses as its configuration", () => {
  write(HUB);
  const { hub } = readProject({ root });
  expect(hub && routeModuleOf(hub)).toEqual({
    specifier: "../routing.json",
    path: join(root, "routing.json"),
    place: `${join(root, "hub/index.ts")}:2:22`,
  });
});

test.each<[string, Record<string, string | object>, RegExp]>([
  [
    "two hubs",
    { ...HUB, "other/wrangler.jsonc": { name: "other", queues: { producers: [{ binding: "EVENTHUB_QUEUE" }] } } },
    /^Two Workers are the hub: hub\/wrangler\.jsonc and other\/wrangler\.jsonc\./,
  ],
  [
    "two Workers of one name",
    { ...HUB, "a/wrangler.jsonc": { name: "shop-hub", services: [{ service: "shop-hub" }] } },
    /^Two Workers are called shop-hub: hub\/wrangler\.jsonc and a\/wrangler\.jsonc\./,
  ],
  [
    "a file that is not JSON",
    { "wrangler.jsonc": '{\n  "name": }' },
    /wrangler\.jsonc:2:11: is not JSON: value expected/,
  ],
  [
    "bindings that are no list",
    { "wrangler.jsonc": '{ "services": { "A": "a" } }' },
    /wrangler\.jsonc:1:15: services must be a list/,
  ],
  ...Object.entries<DestinationKind>(DESTINATION_KINDS).flatMap(([kind, { binding }]) => {
    if (binding === undefined) return [];
    const config = binding.wrangler.split(".").reduceRight<object>((inner, key) => ({ [key]: inner }), { A: "a" });
    const message = new RegExp(`${binding.wrangler.replace(".", "\\.")} must be a list`);
    return [[`the bindings of ${kind} if they are no list`, { "wrangler.json": config }, message]] as [
      [string, Record<string, object>, RegExp],
    ];
  }),
  [
    "a binding that is no object",
    { "wrangler.jsonc": '{ "queues": { "producers": [null] } }' },
    /wrangler\.jsonc:1:29: queues\.producers\[0\] must be an object/,
  ],
  ["a file that is not TOML", { "wrangler.toml": 'name = "a"\nmain = \n' }, /wrangler\.toml:2:\d+: is not TOML/],
])("refuses %s", (_, files, message) => {
  write(files);
  expect(() => readProject({ root })).toThrow(message);
});
