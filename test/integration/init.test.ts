import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate } from "../../infra/cli/migrate/migrate.ts";
import { createDatabase } from "../support/database.ts";
import { ProjectDirectory } from "../support/project-directory.ts";
import { ROOT } from "../support/wrangler-config.ts";

const run = promisify(execFile);

/** Runs a Node program in a project. */
async function node({ root }: ProjectDirectory, script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const own = {
    ...process.env,
    WRANGLER_SEND_METRICS: "false",
    NO_COLOR: "1",
    FORCE_COLOR: undefined,
    DATABASE_URL: undefined,
  };
  const { code, stdout, stderr } = await run(process.execPath, [join(ROOT, script), ...args], {
    cwd: root,
    env: { ...own, ...env },
  }).then(
    (printed) => ({ code: 0, ...printed }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  return { code, out: stripVTControlCharacters(stdout), err: stripVTControlCharacters(stderr) };
}

const eventhub = (project: ProjectDirectory, args: readonly string[], env?: NodeJS.ProcessEnv) =>
  node(project, "dist/infra/cli/index.js", args, env);

const WRANGLER = "node_modules/wrangler/bin/wrangler.js";

async function dryRun(project: ProjectDirectory, config: string): Promise<string> {
  const outdir = join(project.root, ".wrangler", "dry-run", config);
  const { code, out, err } = await node(project, WRANGLER, ["deploy", "--dry-run", "--outdir", outdir, "-c", config]);
  return code === 0 ? out : out + err;
}

const ACCESS = /^eventhub\/console\/wrangler\.jsonc:1:1: note: ACCESS_TEAM and ACCESS_AUDIENCE are not set/;

describe("the project that init writes into an empty folder", () => {
  let project: ProjectDirectory;
  let said: Awaited<ReturnType<typeof eventhub>>;
  beforeAll(async () => {
    project = new ProjectDirectory().linkPackages();
    said = await eventhub(project, ["init", "--yes"]);
  });
  afterAll(() => project?.[Symbol.dispose]());

  test("is written without a word on stderr", () => {
    expect(said).toEqual({ code: 0, out: expect.stringMatching(/Wrote 16 files\. Next:/), err: "" });
  });

  test("has nothing that doctor finds but the console's missing Access", async () => {
    const { code, out, err } = await eventhub(project, ["doctor"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out.trimEnd().split("\n")).toEqual([expect.stringMatching(ACCESS), "No faults in 5 Workers, 1 note."]);
  });

  test("is typed: env.EVENTHUB has emit, as wrangler types says it", async () => {
    const before = project.read("worker-configuration.d.ts");
    const { types = "" } = (JSON.parse(project.read("package.json")) as { scripts: Record<string, string> }).scripts;
    await node(project, WRANGLER, types.split(" ").slice(1));
    expect(project.read("worker-configuration.d.ts")).toBe(before);
    expect(await node(project, "node_modules/typescript/bin/tsc", ["-p", "tsconfig.json"])).toEqual({
      code: 0,
      out: "",
      err: "",
    });
  });

  test("passes its own test", async () => {
    const { code, out, err } = await node(project, "node_modules/vitest/vitest.mjs", ["run"]);
    expect({ code, err, out }).toEqual({ code: 0, err: "", out: expect.stringMatching(/Tests {2}2 passed/) });
  });

  test.each([
    "eventhub/hub/wrangler.jsonc",
    "eventhub/executor/wrangler.jsonc",
    "eventhub/console/wrangler.jsonc",
    "workers/consumer/wrangler.jsonc",
    "workers/producer/wrangler.jsonc",
  ])("can be deployed without a warning: %s", async (config) => {
    const out = await dryRun(project, config);
    expect(out).not.toMatch(/warning|error|deprecated|unexpected/i);
    expect(out).toContain("--dry-run: exiting now.");
  });
});

test("a Hono project's Worker gets the hub, and keeps its own", async () => {
  using project = new ProjectDirectory({
    "package.json": { name: "shop", scripts: { dev: "wrangler dev" }, dependencies: { hono: "4" } },
    "wrangler.jsonc":
      '{\n  // the shop\n  "name": "shop",\n  "main": "src/index.ts",\n  "compatibility_date": "2026-06-01"\n}\n',
    "src/index.ts":
      'import { Hono } from "hono";\nimport type { EventHub } from "cf-eventhub-workflows";\nconst app = new Hono<{ Bindings: { EVENTHUB: EventHub } }>();\napp.post("/", async (c) => c.json(await c.env.EVENTHUB.emit(await c.req.json())));\nexport default app;\n',
  }).linkPackages();
  expect(await eventhub(project, ["init", "--yes"])).toMatchObject({ code: 0, err: "" });
  expect(await eventhub(project, ["init", "--yes"])).toEqual({
    code: 0,
    out: "Nothing to do: everything exists already.\n",
    err: "",
  });
  expect((await eventhub(project, ["doctor"])).out).toContain("No faults in 5 Workers, 1 note.");
  const out = await dryRun(project, "wrangler.jsonc");
  expect(out).not.toMatch(/warning|error/i);
  expect(out).toMatch(/env\.EVENTHUB \(eventhub-hub\)/);
});

test("doctor compares the database with the package, and exits with 1 for a fault", async () => {
  using project = new ProjectDirectory().linkPackages();
  await eventhub(project, ["init", "--yes", "--template", "minimal"]);
  await using resources = new AsyncDisposableStack();
  const database = await createDatabase({ empty: true });
  resources.defer(() => database.drop());
  const doctor = async () => {
    const { code, out } = await eventhub(project, ["doctor", "--json"], { DATABASE_URL: database.url });
    const findings = JSON.parse(out) as { place: string; severity: string; what: string; todo: string }[];
    return { code, findings: findings.filter(({ place }) => place === "DATABASE_URL") };
  };
  const fault = { place: "DATABASE_URL", severity: "fault" };
  expect(await doctor()).toEqual({
    code: 1,
    findings: [{ ...fault, what: "the database has no tables of the hub", todo: "npx cf-eventhub-workflows migrate" }],
  });
  await migrate(database.url);
  expect(await doctor()).toEqual({ code: 0, findings: [] });
  await database.query("update eventhub.migrations set finished_at = null where name like '0011%'");
  await database.query("insert into eventhub.migrations (name, hash, finished_at) values ('9999_new', 'x', now())");
  expect(await doctor()).toEqual({
    code: 1,
    findings: [
      {
        ...fault,
        what: "the database lacks 0011_caused_by",
        todo: "npx cf-eventhub-workflows migrate, before the Workers of this version",
      },
      {
        place: "DATABASE_URL",
        severity: "note",
        what: "the database is newer than this package: it also has 9999_new",
        todo: "update cf-eventhub-workflows",
      },
    ],
  });
});

test("doctor says what is wrong with a database's URL, and does not repeat it", async () => {
  using project = new ProjectDirectory().linkPackages();
  await eventhub(project, ["init", "--yes", "--template", "minimal"]);
  for (const url of ["nonsense:hunter2 x", "postgres://u:hunter2@127.0.0.1:1/db"]) {
    const { code, out, err } = await eventhub(project, ["doctor"], { DATABASE_URL: url });
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toMatch(/^DATABASE_URL: (is not a URL|the database cannot be read: )/);
    expect(out).not.toContain("hunter2");
  }
});
