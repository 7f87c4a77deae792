import { afterEach, beforeEach, expect, test } from "vitest";
import { fetchable } from "../../../infra/local/workers/gateway.ts";
import { soundPartsOf } from "../../../infra/local/workers/hub-parts.ts";
import { readProject } from "../../../infra/project/project.ts";
import { UserError } from "../../../infra/user-error.ts";
import { type Files, ProjectDirectory } from "../../support/project-directory.ts";

let root: string;
let project: ProjectDirectory;
beforeEach(() => {
  project = new ProjectDirectory();
  root = project.root;
});
afterEach(() => project[Symbol.dispose]());

const write = (files: Files) => project.write(files);

const OPERATOR = "export class Operator extends HubOperator {}\n";
const HUB = {
  "hub/wrangler.json": { name: "hub", main: "index.ts" },
  "hub/index.ts": `import { Hub } from "cf-eventhub-workflows/hub";\nexport default class extends Hub {}\n${OPERATOR}`,
};
const EXECUTOR = {
  "executor/wrangler.json": {
    name: "executor",
    main: "index.ts",
    workflows: [{ binding: "DISPATCH", name: "d", class_name: "Dispatch" }],
  },
  "executor/index.ts":
    'import { DispatchWorkflow, Executor } from "cf-eventhub-workflows/executor";\nexport default Executor;\nexport { DispatchWorkflow as Dispatch };\n',
};
const refusal = () => {
  try {
    soundPartsOf(readProject({ root }));
  } catch (error) {
    if (error instanceof UserError) return error.message.replaceAll(root, "<root>");
    throw error;
  }
  return undefined;
};

test("a project with a hub and an executor is complete", () => {
  write({ ...HUB, ...EXECUTOR });
  expect(refusal()).toBeUndefined();
});

test("an incomplete project gets told what is missing, and which command writes it", () => {
  expect(refusal()).toBe(
    "The wrangler configurations of <root> include no hub and executor: `npx cf-eventhub-workflows init` writes them, and -c names configurations in other places.",
  );
  write(HUB);
  expect(refusal()).toBe(
    "The wrangler configurations of <root> include no executor (hub/wrangler.json): `npx cf-eventhub-workflows init` writes them, and -c names configurations in other places.",
  );
});

test("a part that does not export what others bind is reported, with what to add", () => {
  write({ ...HUB, ...EXECUTOR, "hub/index.ts": HUB["hub/index.ts"].replace(OPERATOR, "") });
  expect(refusal()).toBe(
    "hub/wrangler.json:3:11: Operator is not exported by hub/index.ts; export class Operator extends the package's Operator there",
  );
  write({
    ...HUB,
    "executor/index.ts": 'import { Executor } from "cf-eventhub-workflows/executor";\nexport default Executor;\n',
  });
  expect(refusal()).toBe(
    "executor/wrangler.json:8:21: Dispatch is not exported by executor/index.ts; export class Dispatch extends DispatchWorkflow there",
  );
});

test("an executor without its Workflow is reported with its place", () => {
  write({ ...HUB, ...EXECUTOR, "executor/wrangler.json": { name: "executor", main: "index.ts" } });
  expect(refusal()).toBe(
    'executor/wrangler.json:1:1: DISPATCH is not bound: the Workflow of the class that extends DispatchWorkflow; add { "name": "executor-dispatch", "binding": "DISPATCH", "class_name": "Dispatch" } to workflows',
  );
});

test("a Worker with something to call gets a port", () => {
  write({
    ...HUB,
    ...EXECUTOR,
    "a.wrangler.json": { name: "a", main: "a.ts", services: [{ binding: "H", service: "hub" }] },
    "a.ts": "const app = {};\nexport { app as default };\n",
    "b.wrangler.json": { name: "b", main: "b.ts", services: [{ binding: "H", service: "hub" }] },
    "b.ts": "export class Billing extends WorkerEntrypoint {}\n",
    "c.wrangler.json": { name: "c", assets: { directory: "public" }, services: [{ binding: "H", service: "hub" }] },
  });
  const ports = () => fetchable(readProject({ root })).map(({ file, number }) => [file.name, number]);
  expect(ports()).toEqual([
    ["a", 0],
    ["c", 2],
  ]);
  // The ports of the others stay the same.
  write({ "b.ts": "export default class Billing extends WorkerEntrypoint {\n  fetch() {}\n}\n" });
  expect(ports()).toEqual([
    ["a", 0],
    ["b", 1],
    ["c", 2],
  ]);
});

test("a Worker that is only a consumer gets no port", () => {
  const hasPort = (code: string) => {
    write({
      ...HUB,
      ...EXECUTOR,
      "a.wrangler.json": { name: "a", main: "a.ts", services: [{ binding: "H", service: "hub" }] },
      "a.ts": code,
    });
    return fetchable(readProject({ root })).length === 1;
  };
  const handles = "{\n  async handle() { await fetch('https://bank'); return this.env.LEDGER.fetch('https://x'); }\n";
  const base = "export default class extends WorkerEntrypoint";
  expect(hasPort(`${base} ${handles}}`)).toBe(false);
  expect(
    hasPort(`export default class Billing extends WorkerEntrypoint<{ A: {} }> implements Consumer ${handles}}`),
  ).toBe(false);
  expect(hasPort(`class Billing extends WorkerEntrypoint ${handles}}\nexport default Billing;`)).toBe(false);
  expect(hasPort(`class Billing extends WorkerEntrypoint ${handles}}\nexport { Billing as default };`)).toBe(false);
  expect(hasPort(`${base} ${handles}  async fetch(request) { return new Response(); }\n}`)).toBe(true);
  expect(hasPort(`${base} ${handles}  scheduled = async () => {};\n}`)).toBe(true);
  expect(hasPort(`export default class extends Base ${handles}}`)).toBe(true);
  expect(hasPort(`export class Billing extends WorkerEntrypoint ${handles}}\nexport default app;`)).toBe(true);
  expect(hasPort("import { WorkerEntrypoint } from 'x';\nexport default instrument(app);")).toBe(true);
});
