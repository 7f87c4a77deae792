import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { doctorCommand } from "../../../infra/cli/doctor/command.ts";
import { examine } from "../../../infra/cli/doctor/examine.ts";
import { findingText } from "../../../infra/cli/doctor/finding.ts";
import { planOf } from "../../../infra/cli/init/plan.ts";
import { survey } from "../../../infra/cli/init/survey.ts";
import { writeChanges } from "../../../infra/cli/init/write.ts";
import { readProject } from "../../../infra/project/project.ts";
import { PAGES } from "../../support/pages.ts";
import { ProjectDirectory } from "../../support/project-directory.ts";
import { ran } from "../../support/run-here.ts";

const HUB = "eventhub/hub/wrangler.jsonc";
const EXECUTOR = "eventhub/executor/wrangler.jsonc";
const CONSOLE = "eventhub/console/wrangler.jsonc";
const PRODUCER = "workers/producer/wrangler.jsonc";
const ROUTING = "eventhub/routing.json";

/** The fault of a project that `init` has just written: nothing protects the console yet. */
const ACCESS =
  "eventhub/console/wrangler.jsonc:1:1: note: ACCESS_TEAM and ACCESS_AUDIENCE are not set: deployed, the console refuses everybody; put it behind Cloudflare Access, and set vars to its team and its AUD tag";

let project: ProjectDirectory;
beforeEach(() => {
  project = new ProjectDirectory({
    "node_modules/cf-eventhub-workflows/dist/workers-scripts/console/worker.js": "export { x as default };",
    "node_modules/wrangler/package.json": { name: "wrangler", version: "4.155.0" },
    "node_modules/workerd/package.json": { name: "workerd", version: "1.20261023.1" },
  });
  const { changes } = planOf(survey(project.root), { template: "example", producers: [] });
  writeChanges(project.root, changes, () => undefined);
});
afterEach(() => project[Symbol.dispose]());

/** Replaces a text that occurs once in a file. */
function change(path: string, ...replacements: [from: string, to: string][]): void {
  let text = project.read(path);
  for (const [from, to] of replacements) {
    expect(text.split(from)).toHaveLength(2);
    text = text.replace(from, () => to);
  }
  project.write({ [path]: text });
}

/** The findings of doctor, without those that it always has. */
const found = () =>
  examine(readProject({ root: project.root }))
    .map((finding) => findingText(finding, project.root))
    .filter((line) => line !== ACCESS);

test("a project that init has written has no faults", () => {
  expect(examine(readProject({ root: project.root })).map((finding) => findingText(finding, project.root))).toEqual([
    ACCESS,
  ]);
});

test("the output on the page of doctor is what doctor prints", async () => {
  change(PRODUCER, ['"eventhub-hub"', '"eventhub-hubb"']);
  change(ROUTING, ['"destination": "BILLING"', '"destination": "MAIL"']);
  change("eventhub/executor/index.ts", ["export class Dispatch", "class Dispatch"]);
  const [, shown] =
    /\$ npx cf-eventhub-workflows doctor\n(.*?)```/s.exec(PAGES.get("infra/cli/init/README.md") ?? "") ?? [];
  const { out, code } = await ran(() => doctorCommand({ root: project.root }, {}));
  expect(out.replaceAll(`${relative(process.cwd(), project.root)}/`, "")).toBe(shown);
  expect(code).toBe(1);
});

test("a project without the hub's parts gets told which command writes them", () => {
  using empty = new ProjectDirectory();
  expect(examine(readProject({ root: empty.root })).map((finding) => findingText(finding, empty.root))).toEqual([
    ".: there is no hub: nothing accepts events; npx cf-eventhub-workflows init writes one",
    ".: there is no executor: nothing delivers events; npx cf-eventhub-workflows init writes one",
    ".: note: there is no console; npx cf-eventhub-workflows init writes one",
  ]);
});

type Case = [what: string, file: string, replacements: [string, string][], expected: string[]];

describe("bindings of Workers", () => {
  test.each<Case>([
    [
      "a producer bound to nobody",
      PRODUCER,
      [['"service": "eventhub-hub"', '"service": "eventhub-hubb"']],
      [
        'workers/producer/wrangler.jsonc:9:52: no Worker of the project is called "eventhub-hubb"; correct the name, or add the Worker\'s configuration',
      ],
    ],
    [
      "a destination bound to nobody",
      EXECUTOR,
      [['"service": "eventhub-consumer"', '"service": "billing"']],
      [
        'eventhub/executor/wrangler.jsonc:19:51: no Worker of the project is called "billing"; correct the name, or add the Worker\'s configuration',
      ],
    ],
    [
      "a producer bound to operators",
      PRODUCER,
      [['"service": "eventhub-hub"', '"service": "eventhub-hub", "entrypoint": "Operator"']],
      [
        "workers/producer/wrangler.jsonc:9:82: EVENTHUB is bound to Operator, which has no emit; leave out the entrypoint",
      ],
    ],
    [
      "a producer bound to the executor",
      PRODUCER,
      [['"service": "eventhub-hub"', '"service": "eventhub-executor"']],
      [
        'workers/producer/wrangler.jsonc:9:52: EVENTHUB is bound to the executor, which has no emit; bind the hub: "eventhub-hub"',
      ],
    ],
    [
      "a console bound to the plain hub",
      CONSOLE,
      [[', "entrypoint": "Operator"', ""]],
      [
        'eventhub/console/wrangler.jsonc:12:5: OPERATOR is bound to the plain hub, which has no operators\' methods; bind { "binding": "OPERATOR", "service": "eventhub-hub", "entrypoint": "Operator" }',
      ],
    ],
    [
      "a console without a hub",
      CONSOLE,
      [['{ "binding": "OPERATOR", "service": "eventhub-hub", "entrypoint": "Operator" },', ""]],
      [
        'eventhub/console/wrangler.jsonc:11:15: OPERATOR is not bound: the console has no hub; bind { "binding": "OPERATOR", "service": "eventhub-hub", "entrypoint": "Operator" }',
      ],
    ],
    [
      "an entrypoint that is not exported",
      EXECUTOR,
      [['"service": "eventhub-consumer"', '"service": "eventhub-consumer", "entrypoint": "Billing"']],
      [
        "eventhub/executor/wrangler.jsonc:19:86: Billing is not exported by workers/consumer/index.ts; export it there, or correct the name",
      ],
    ],
  ])("%s", (_, file, replacements, expected) => {
    change(file, ...replacements);
    expect(found()).toEqual(expected);
  });
});

describe("the way from the hub to the executor", () => {
  test.each<Case>([
    [
      "a hub without the queue",
      HUB,
      [['"producers": [{ "binding": "EVENTHUB_QUEUE", "queue": "eventhub-dispatches" }]', '"producers": []']],
      [
        'eventhub/hub/wrangler.jsonc:11:28: EVENTHUB_QUEUE is not bound: the queue that the executor consumes; add { "binding": "EVENTHUB_QUEUE", "queue": ... } to queues.producers',
      ],
    ],
    [
      "two queues",
      HUB,
      [['"queue": "eventhub-dispatches"', '"queue": "dispatches"']],
      [
        'eventhub/executor/wrangler.jsonc:11:59: EVENTHUB_QUEUE is the queue "eventhub-dispatches", and the hub\'s is "dispatches"; give both the same queue',
        'eventhub/executor/wrangler.jsonc:12:18: the executor does not consume the queue "dispatches": events are saved, but wait for its cron; add { "queue": "dispatches", "max_batch_size": 100, "max_batch_timeout": 0, "max_retries": 20 } to queues.consumers',
      ],
    ],
    [
      "a queue without a consumer",
      EXECUTOR,
      [['{ "queue": "eventhub-dispatches", "max_batch_size": 100, "max_batch_timeout": 0, "max_retries": 20 }', ""]],
      [
        'eventhub/executor/wrangler.jsonc:12:18: the executor does not consume the queue "eventhub-dispatches": events are saved, but wait for its cron; add { "queue": "eventhub-dispatches", "max_batch_size": 100, "max_batch_timeout": 0, "max_retries": 20 } to queues.consumers',
      ],
    ],
    [
      "a consumer that waits and gives up early",
      EXECUTOR,
      [[', "max_batch_timeout": 0, "max_retries": 20', ""]],
      [
        'eventhub/executor/wrangler.jsonc:14:7: note: each delivery may wait up to 5 s for others; set "max_batch_timeout": 0',
        'eventhub/executor/wrangler.jsonc:14:7: note: a message is dropped after 3 retries, and its dispatches then wait for the executor\'s next look; set "max_retries": 20',
      ],
    ],
    [
      "somebody else who takes from the queue",
      "workers/consumer/wrangler.jsonc",
      [
        [
          '"workers_dev": false,',
          '"workers_dev": false,\n  "queues": { "consumers": [{ "queue": "eventhub-dispatches" }] },',
        ],
      ],
      [
        'workers/consumer/wrangler.jsonc:8:28: consumes "eventhub-dispatches", which is the executor\'s queue; remove this consumer',
      ],
    ],
    [
      "no Workflow",
      EXECUTOR,
      [
        [
          '"workflows": [{ "name": "eventhub-dispatch", "binding": "DISPATCH", "class_name": "Dispatch" }]',
          '"workflows": []',
        ],
      ],
      [
        'eventhub/executor/wrangler.jsonc:17:16: DISPATCH is not bound: the Workflow of the class that extends DispatchWorkflow; add { "name": "eventhub-dispatch", "binding": "DISPATCH", "class_name": "Dispatch" } to workflows',
      ],
    ],
    [
      "a Workflow that runs elsewhere",
      EXECUTOR,
      [['"class_name": "Dispatch"', '"class_name": "default", "script_name": "eventhub-hub"']],
      [
        'eventhub/executor/wrangler.jsonc:17:111: DISPATCH runs in "eventhub-hub" instead of the executor; leave out script_name',
      ],
    ],
    [
      "a Workflow's class that is not exported",
      "eventhub/executor/index.ts",
      [["export class Dispatch", "// export class Dispatch\nclass Dispatch"]],
      [
        "eventhub/executor/wrangler.jsonc:17:85: Dispatch is not exported by eventhub/executor/index.ts; export class Dispatch extends DispatchWorkflow there",
      ],
    ],
    [
      "operators' entrypoint that is not exported",
      "eventhub/hub/index.ts",
      [["export class Operator", "class Operator"]],
      [
        "eventhub/console/wrangler.jsonc:12:71: Operator is not exported by eventhub/hub/index.ts; export class Operator extends the package's Operator there",
      ],
    ],
    [
      "no crons of the hub",
      HUB,
      [['"triggers": { "crons": ["0 4 * * *"] },', ""]],
      [
        'eventhub/hub/wrangler.jsonc:1:1: the hub has no cron: if its alarm loses something, nothing finds it until the next event; set "triggers": { "crons": ["0 4 * * *"] }',
      ],
    ],
    [
      "no crons of the executor",
      EXECUTOR,
      [['["0 4 * * *"]', "[]"]],
      [
        'eventhub/executor/wrangler.jsonc:9:26: the executor has no cron: if its alarm loses something, nothing finds it until the next event; set "triggers": { "crons": ["0 4 * * *"] }',
      ],
    ],
    [
      "a cron that runs every minute beside the alarm",
      EXECUTOR,
      [['["0 4 * * *"]', '["* * * * *"]']],
      [
        'eventhub/executor/wrangler.jsonc:9:26: note: the executor\'s cron keeps the database awake; with its alarm alone, the database could sleep; set "triggers": { "crons": ["0 4 * * *"] }',
      ],
    ],
    [
      "an alarm that is the hub's alone",
      EXECUTOR,
      [['"EVENTHUB_ALARM"', '"ALARM"']],
      [
        'eventhub/executor/wrangler.jsonc:3:11: EVENTHUB_ALARM is bound only to the hub: nobody answers it; add "durable_objects": { "bindings": [{"name":"EVENTHUB_ALARM","class_name":"Alarm","script_name":"eventhub-hub"}] }',
      ],
    ],
    [
      "an alarm of another hub",
      EXECUTOR,
      [[', "script_name": "eventhub-hub"', ""]],
      [
        "eventhub/executor/wrangler.jsonc:22:60: Alarm is not exported by eventhub/executor/index.ts; export class Alarm extends the package's Alarm there",
        'eventhub/executor/wrangler.jsonc:22:18: EVENTHUB_ALARM is not the hub\'s; set "script_name": "eventhub-hub"',
      ],
    ],
    [
      "an alarm that no migration makes",
      HUB,
      [['"new_sqlite_classes": ["Alarm"]', '"new_sqlite_classes": []']],
      [
        'eventhub/hub/wrangler.jsonc:13:79: no migration creates the class "Alarm"; add {"tag":"v1","new_sqlite_classes":["Alarm"]} to migrations',
      ],
    ],
    [
      "a main module that is not there",
      HUB,
      [['"main": "index.ts"', '"main": "hub.ts"']],
      ["eventhub/hub/wrangler.jsonc:4:11: hub.ts does not exist; correct the path"],
    ],
  ])("%s", (_, file, replacements, expected) => {
    change(file, ...replacements);
    expect(found()).toEqual(expected);
  });
});

describe("the settings of the Workers", () => {
  test.each<Case>([
    [
      "a date before RPC",
      HUB,
      [["2026-10-30", "2024-04-02"]],
      [
        "eventhub/hub/wrangler.jsonc:5:25: compatibility_date 2024-04-02 is too old: before 2024-04-03, a Worker cannot call another Worker's methods; set it to 2026-10-30",
      ],
    ],
    ["an old date with the flag", HUB, [['"2026-10-30"', '"2024-04-02", "compatibility_flags": ["rpc"]']], []],
    ["the oldest date", HUB, [["2026-10-30", "2024-04-03"]], []],
    [
      "a date that the installed workerd does not know",
      HUB,
      [["2026-10-30", "2026-10-31"]],
      [
        "eventhub/hub/wrangler.jsonc:5:25: note: compatibility_date 2026-10-31 is newer than the installed workerd, which uses 2026-10-30 instead; update wrangler, or set the older one",
      ],
    ],
    [
      "no date",
      HUB,
      [['"compatibility_date": "2026-10-30",', ""]],
      ['eventhub/hub/wrangler.jsonc:1:1: compatibility_date is missing; set "compatibility_date": "2026-10-30"'],
    ],
    [
      "logs that nobody keeps",
      EXECUTOR,
      [['"observability": { "enabled": true },', ""]],
      [
        'eventhub/executor/wrangler.jsonc:1:1: note: observability is off: its logs are not kept; set "observability": { "enabled": true }',
      ],
    ],
  ])("%s", (_, file, replacements, expected) => {
    change(file, ...replacements);
    expect(found()).toEqual(expected);
  });

  test("get a note if the metrics Worker has no observability", () => {
    const path = "eventhub/metrics/wrangler.jsonc";
    const script = "node_modules/cf-eventhub-workflows/dist/workers-scripts/metrics/worker.js";
    project.write({
      [script]: "export { x as default };",
      [path]: { name: "eventhub-metrics", main: `../../${script}`, compatibility_date: "2026-10-23" },
    });
    expect(found()).toEqual([expect.stringMatching(`^${path}:.* note: observability is off`)]);
  });

  test("get faults for an invalid collector, and a note for headers that are not secret", () => {
    change("eventhub/hub/wrangler.jsonc", [
      '"triggers":',
      '"vars": { "OTLP_ENDPOINT": "http://otlp.example.com", "OTLP_SAMPLE_RATE": "10%" },\n  "triggers":',
    ]);
    change(EXECUTOR, [
      '"triggers":',
      '"vars": { "OTLP_ENDPOINT": "https://otlp.example.com", "OTLP_HEADERS": "key=1" },\n  "triggers":',
    ]);
    expect(found().map((line) => line.replace(/:\d+:\d+/, ""))).toEqual([
      "eventhub/hub/wrangler.jsonc: OTLP_ENDPOINT is none: nothing goes to the collector; it must be an https URL without user, password and query, such as https://otlp.example.com (http only at localhost)",
      "eventhub/hub/wrangler.jsonc: OTLP_SAMPLE_RATE is none: nothing goes to the collector; it must be a number from 0 to 1",
      "eventhub/executor/wrangler.jsonc: note: OTLP_HEADERS is a variable, which everybody reads; wrangler secret put it",
    ]);
  });

  test("get a note if the metrics Worker has a collector without a cron, or a cron without a collector", () => {
    const path = "eventhub/metrics/wrangler.jsonc";
    const script = "node_modules/cf-eventhub-workflows/dist/workers-scripts/metrics/worker.js";
    const metrics = {
      name: "eventhub-metrics",
      main: `../../${script}`,
      compatibility_date: "2026-10-23",
      observability: { enabled: true },
    };
    const vars = { OTLP_ENDPOINT: "https://otlp.example.com" };
    const triggers = { crons: ["* * * * *"] };
    project.write({ [script]: "export { x as default };", [path]: { ...metrics, vars } });
    const told = () => found().map((line) => line.replace(/:\d+:\d+/, ""));
    expect(told()).toEqual([
      `${path}: note: the metrics Worker has an OTLP_ENDPOINT and no cron: nothing is pushed; set "triggers": { "crons": ["* * * * *"] }`,
    ]);
    project.write({ [path]: { ...metrics, triggers } });
    expect(told()).toEqual([
      `${path}: note: the metrics Worker has a cron and no OTLP_ENDPOINT here: nothing is pushed; set OTLP_ENDPOINT of its vars, or take the cron away`,
    ]);
    project.write({ [path]: { ...metrics, vars, triggers } });
    expect(told()).toEqual([]);
  });

  test("get no note about a console behind Access", () => {
    change(CONSOLE, [
      '"workers_dev": true,',
      '"workers_dev": true,\n  "vars": { "ACCESS_TEAM": "acme", "ACCESS_AUDIENCE": "1" },',
    ]);
    expect(examine(readProject({ root: project.root }))).toEqual([]);
  });
});

describe("routes", () => {
  const to = (destinations: object, ...names: string[]) => ({
    [ROUTING]: { destinations, routes: names.map((destination) => ({ destination })) },
  });

  test("and declared destinations without a binding are reported at their place in routing.json", () => {
    project.write(to({ BILLING: {}, ARCHIVE: { kind: "r2" } }, "BILLING", "MAIL"));
    expect(found()).toEqual([
      "eventhub/routing.json:4:16: ARCHIVE is not bound in eventhub-executor; bind an R2 bucket under this name, in its r2_buckets",
      "eventhub/routing.json:13:22: MAIL is not bound in eventhub-executor; bind a Worker under this name, in its services",
    ]);
  });

  test("with a binding of another type are reported", () => {
    project.write(to({ BILLING: { kind: "queue" } }, "BILLING"));
    expect(found()).toEqual([
      "eventhub/executor/wrangler.jsonc:19:29: BILLING is a Worker, but routing.json says it is a Queue; correct one of the two",
    ]);
  });

  test("with an unbound Workflow of their own are reported", () => {
    project.write(to({ BILLING: { kind: "worker", workflow: "EVENTHUB_WORKFLOW_BILLING" } }, "BILLING"));
    expect(found()).toEqual([
      "eventhub/routing.json:3:16: its Workflow EVENTHUB_WORKFLOW_BILLING is not bound; bind it in the executor's workflows, or leave it out",
    ]);
  });

  test("with several unbound Workflows are reported for each of them", () => {
    const workflow = ["EVENTHUB_WORKFLOW_BILLING", "EVENTHUB_WORKFLOW_2_BILLING"];
    project.write(to({ BILLING: { kind: "worker", workflow } }, "BILLING"));
    expect(found()).toEqual(
      workflow.map(
        (name) =>
          `eventhub/routing.json:3:16: its Workflow ${name} is not bound; bind it in the executor's workflows, or leave it out`,
      ),
    );
  });

  test("that leave a binding unused get a note", () => {
    project.write(to({}));
    expect(found()).toEqual([
      "eventhub/executor/wrangler.jsonc:19:29: note: BILLING is bound, but no route uses it; add a route, or remove the binding",
    ]);
  });

  test("to each kind of destination with its binding have no fault", () => {
    change(
      EXECUTOR,
      ['"services": [', '"r2_buckets": [{ "binding": "ARCHIVE", "bucket_name": "a" }],\n  "services": ['],
      ['"producers": [', '"producers": [{ "binding": "JOBS", "queue": "jobs" }, '],
      ['"workflows": [', '"workflows": [{ "name": "o", "binding": "ONBOARDING", "class_name": "default" }, '],
    );
    project.write(
      to({ ARCHIVE: { kind: "r2" }, JOBS: { kind: "queue" }, ONBOARDING: { kind: "workflow" } }, "BILLING"),
    );
    expect(found()).toEqual([]);
  });

  test("to a webhook with missing secrets are reported", () => {
    project.write({
      ...to({ HOOK: { kind: "webhook", url: "https://a.example.com", secrets: ["ONE", "TWO"] } }, "HOOK", "BILLING"),
      "eventhub/executor/.dev.vars": "# mine\nONE=whsec_1\n",
    });
    expect(found()).toEqual([
      "eventhub/routing.json:8:9: note: the secret TWO is not in the executor's .dev.vars; add TWO=whsec_... there for this machine; deployed, wrangler secret put TWO",
    ]);
    // Like wrangler: either .dev.vars alone, or both of the other files.
    project.write({ "eventhub/executor/.env": "TWO=whsec_2\n" });
    expect(found()).toHaveLength(1);
    project.write({ "eventhub/executor/.dev.vars": "TWO=whsec_2\nONE=whsec_1\n" });
    expect(found()).toEqual([]);
    rmSync(join(project.root, "eventhub/executor/.dev.vars"));
    project.write({ "eventhub/executor/.env.local": "export ONE=whsec_1\n" });
    expect(found()).toEqual([]);
  });

  test("with faults in the configuration are reported, each at its place", () => {
    project.write({ [ROUTING]: '{\n  "routes": [{ "destination": "A", "maxRetries": -1 }, { "to": "A" }]\n}' });
    expect(found()).toEqual([
      "eventhub/routing.json:2:50: routes[0].maxRetries: must be an integer from 0 to 1000, got -1; correct it; npx cf-eventhub-workflows routes check says more",
      "eventhub/routing.json:2:58: routes[1].to: is not a known key; correct it; npx cf-eventhub-workflows routes check says more",
      "eventhub/routing.json:2:56: routes[1].destination: is required; correct it; npx cf-eventhub-workflows routes check says more",
    ]);
  });

  test("with comments are reported, since a JSON module must not have them", () => {
    project.write({ [ROUTING]: '{ "routes": [{ "destination": "BILLING" }] } // all' });
    expect(found()).toEqual([
      "eventhub/routing.json:1:1: it has comments or trailing commas, which a JSON module must not have; remove them",
    ]);
  });

  test("that differ between hub and executor are reported", () => {
    project.write({ "eventhub/other.json": { routes: [{ destination: "BILLING" }] } });
    change("eventhub/executor/index.ts", ['"../routing.json"', '"../other.json"']);
    expect(found()).toEqual([
      "eventhub/executor/index.ts:2:22: the executor uses eventhub/other.json, but the hub eventhub/routing.json; let both import the same file",
    ]);
  });

  test("in a missing file are reported", () => {
    change("eventhub/hub/index.ts", ['"../routing.json"', '"./routing.json"']);
    expect(found()).toContain(
      "eventhub/hub/index.ts:2:22: ./routing.json does not exist; correct the path, or create the file",
    );
  });

  test("are reported as missing for a Worker without any, and get a note if they are not in a JSON file", () => {
    project.write({
      "eventhub/hub/index.ts":
        'import { Alarm as A, Hub, Operator as O } from "cf-eventhub-workflows/hub";\nexport default class extends Hub {}\nexport class Operator extends O {}\nexport class Alarm extends A {}\n',
      "eventhub/executor/index.ts":
        'import { DispatchWorkflow, Executor } from "cf-eventhub-workflows/executor";\nimport { routing } from "./routing.ts";\nexport default class extends Executor { configuration = routing; }\nexport class Dispatch extends DispatchWorkflow { configuration = routing; }\n',
    });
    expect(found()).toEqual([
      "eventhub/hub/wrangler.jsonc:4:11: it has no route configuration; import routing.json in the main module, and set it as configuration of each class",
      "eventhub/executor/wrangler.jsonc:4:11: note: its route configuration is not a JSON file that the main module imports, so it was not checked; nothing, if this is intended",
    ]);
  });
});

test("faults in a TOML configuration have line numbers, too", () => {
  const toml = [
    'name = "eventhub-producer"',
    'main = "index.ts"',
    'compatibility_date = "2023-01-01"',
    "[[services]]",
    'binding = "EVENTHUB"',
    'service = "eventhub-hub"',
    'entrypoint = "Operator"',
  ];
  project.write({ "workers/producer/wrangler.toml": toml.join("\n") });
  const { root } = project;
  const configs = [HUB, EXECUTOR, CONSOLE, "workers/producer/wrangler.toml", "workers/consumer/wrangler.jsonc"];
  const lines = examine(readProject({ root, configs })).map((finding) => findingText(finding, root));
  expect(lines.map((line) => line.split(": ")[0])).toEqual([
    ...[
      "workers/producer/wrangler.toml:7:1",
      "workers/producer/wrangler.toml:3:1",
      "eventhub/console/wrangler.jsonc:1:1",
    ],
  ]);
});

describe("the scripts of package.json", () => {
  const deploy = (script: string) => project.write({ "package.json": { scripts: { build: "tsc", deploy: script } } });

  test("may deploy only configurations that exist", () => {
    deploy(`wrangler deploy -c workers/gone/wrangler.jsonc && npx wrangler deploy --minify --config=${HUB}`);
    expect(found()).toEqual([
      "package.json:4:15: the script deploy deploys workers/gone/wrangler.jsonc, which is not there; correct the path",
    ]);
  });

  test("must deploy a Worker before those that bind it", () => {
    deploy(`wrangler deploy -c ${PRODUCER} && wrangler deploy -c ${HUB}`);
    expect(found()).toEqual([
      "package.json:4:15: note: the script deploy deploys eventhub-producer before eventhub-hub, which it binds; deploy what is bound first: else the first deployment is refused",
    ]);
    deploy(`wrangler deploy -c ${HUB}; wrangler deploy -c '${PRODUCER}' --env production`);
    expect(found()).toEqual([]);
  });

  test("are not examined if doctor cannot read them", () => {
    for (const text of ["{", "[]", '{ "scripts": ["x"] }', '{ "scripts": { "deploy": 1 } }']) {
      project.write({ "package.json": text });
      expect(found()).toEqual([]);
    }
  });
});
