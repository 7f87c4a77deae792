import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory } from "../support/history.ts";
import { cleanEnvironment, installPackage } from "../support/installed-package.ts";
import { ROOT } from "../support/wrangler-config.ts";

const run = promisify(execFile);

let directory: string;
let project: string;
let packed: string[];
let database: TestDatabase;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "eventhub-package-"));
  database = await createDatabase({ empty: true });
  ({ project, packed } = await installPackage(directory));
});
afterAll(async () => {
  await database?.drop();
  await rm(directory, { recursive: true, force: true });
});

/** Runs what `npx cf-eventhub-workflows` runs. */
async function eventhub(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { code, stdout, stderr } = await run(join(project, "node_modules", ".bin", "eventhub"), [...args], {
    cwd: project,
    env: cleanEnvironment(env),
  }).then(
    (printed) => ({ code: 0, ...printed }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  return { code, out: stripVTControlCharacters(stdout), err: stripVTControlCharacters(stderr) };
}

describe.concurrent("npx cf-eventhub-workflows, in a project of one's own", () => {
  test("says its version and its commands", async () => {
    expect(await eventhub(["--version"])).toEqual({ code: 0, out: `${manifest.version}\n`, err: "" });
    expect(await eventhub(["help"])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Usage: eventhub .* migrate .* ops .* routes /s),
      err: "",
    });
  });

  test("migrates an empty database with the package's migrations, and operates it", async () => {
    const env = { DATABASE_URL: database.url };
    expect(await eventhub(["migrate"], env)).toEqual({
      code: 0,
      out: expect.stringMatching(/^the database is up to date \(\d+ ms\)\n$/),
      err: "",
    });
    await insertHistory(database, [{ status: "failed", destination: "BILLING", at: new Date() }]);
    const stats = await eventhub(["ops", "--json", "stats"], env);
    expect({ ...stats, out: JSON.parse(stats.out) }).toMatchObject({
      code: 0,
      out: { resulted: [{ destination: "BILLING", status: "failed", dispatches: 1 }] },
      err: "",
    });
  });

  test("checks routes", async () => {
    await writeFile(join(project, "sound.json"), '{ "routes": [{ "destination": "A" }] }');
    await writeFile(join(project, "faulty.json"), '{ "routes": [{ "destination": "A", "maxRetries": -1 }] }');
    expect(await eventhub(["routes", "check", "sound.json"])).toEqual({
      code: 0,
      out: "sound.json: no faults: 1 route (1 enabled) to 1 destination\n",
      err: "",
    });
    expect(await eventhub(["routes", "check", "faulty.json"])).toEqual({
      code: 1,
      out: "",
      err: expect.stringMatching(/^faulty\.json:1:50: routes\[0\]\.maxRetries: must be/),
    });
  });

  test.each<[string[], number, string]>([
    [[], 2, "Usage: eventhub [options] [command]"],
    [["mirgate"], 2, "(Did you mean migrate?)"],
    [["migrate", "now"], 2, "See eventhub migrate --help\n"],
    [["ops", "stats", "--sinse", "2h"], 2, "See eventhub ops stats --help\n"],
    [["routes", "check"], 2, "See eventhub routes check --help\n"],
  ])("answers a wrong call with how to make it: %j", async (args, code, message) => {
    expect(await eventhub(args)).toEqual({ code, out: "", err: expect.stringContaining(message) });
  });

  test.each<[string, string[], NodeJS.ProcessEnv, number, RegExp]>([
    ["of no server", ["ops", "stats"], { DATABASE_URL: "postgres://u:hunter2@127.0.0.1:1/db" }, 1, /^\[unavailable\] /],
    ["where it does not belong", ["migrate", "--url=postgres://u:hunter2@127.0.0.1:1/db"], {}, 2, /^set DATABASE_URL /],
  ])("does not repeat a database URL %s", async (_, args, env, expected, message) => {
    const { code, out, err } = await eventhub(args, env);
    expect({ code, out, err }).toEqual({ code: expected, out: "", err: expect.stringMatching(message) });
    expect(err).not.toContain("hunter2");
  });
});

test("npm run ops answers a wrong call as it is typed in the repository", async () => {
  const refused = await run(process.execPath, [join(ROOT, "infra", "cli", "ops.ts"), "stats", "--sinse", "2h"]).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("See npm run ops -- stats --help") });
});

/** The packages that the installed files with this ending import, without the Workers' scripts, which are bundled. */
async function importedPackages(ending: ".js" | ".d.ts"): Promise<string[]> {
  const dist = join(project, "node_modules", manifest.name, "dist");
  const files = (await readdir(dist, { recursive: true })).filter(
    (file) => file.endsWith(ending) && !file.startsWith("workers-scripts"),
  );
  const imported = await Promise.all(
    files.map(async (file) => ts.preProcessFile(await readFile(join(dist, file), "utf8")).importedFiles),
  );
  const names = imported
    .flat()
    .filter(({ fileName }) => !/^(\.|node:|cloudflare:)/.test(fileName))
    .map(({ fileName }) => /^(@[^/]+\/)?[^/]+/.exec(fileName)?.[0] ?? "");
  return [...new Set(names)];
}

test("what is built imports nothing but the dependencies that the package names, and all of them", async () => {
  const named = new Set([...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]);
  const imported = await importedPackages(".js");
  expect(imported.filter((name) => !named.has(name))).toEqual([]);
  // Packages that have only types are imported only by declarations.
  const all = [...imported, ...(await importedPackages(".d.ts"))];
  expect(Object.keys(manifest.dependencies).filter((name) => !all.includes(name))).toEqual([]);
});

test("the declarations lead to no package but those whose types a project hands over or is handed", async () => {
  expect((await importedPackages(".d.ts")).sort()).toEqual(["@pulumi/pulumi", "@standard-schema/spec", "drizzle-orm"]);
});

/** The files that a project needs, by the beginning of their path. A new file in the package needs a line here. */
const PACKED = [
  /^(CHANGELOG|README)\.md$|^LICENSE$|^package\.json$/,
  /^schema\/migrations\/(\d{4}_\w+\.sql|meta\/_journal\.json)$/,
  /^dist\/(schema|workflows|workers|infra)\/[\w./-]+\.(js|d\.ts)$/,
  /^dist\/workers-scripts\/(hub|executor|console|metrics|gateway|probe)\/worker\.js$/,
  /^routing\.schema\.json$/,
  // The files that `init` writes.
  /^infra\/templates\/[\w./-]+$/,
  // The files for Grafana and Prometheus.
  /^infra\/monitoring\/(alerts\.yml|dashboard\.json)$/,
];

/** Files that belong only to the repository, wherever they are. Files that `init` writes into a project may have such names. */
const FORBIDDEN =
  /^(?!infra\/templates\/).*(demo|\btests?\b|\bbench\b|\bseed\b|screenshot|snapshot|browser|\.map$|(?<!\.d)\.tsx?$)/;

test("the tarball holds what a project needs, and nothing of the repository's own", () => {
  expect(packed.filter((file) => !PACKED.some((pattern) => pattern.test(file)))).toEqual([]);
  expect(packed.filter((file) => FORBIDDEN.test(file))).toEqual([]);
  const ends = Object.values(manifest.exports).flatMap((entry) => Object.values(entry));
  const needed = [...ends, ...Object.values(manifest.bin)].map((path) => path.replace(/^\.\//, ""));
  const scripts = ["hub", "executor", "console", "metrics", "gateway", "probe"].map(
    (name) => `dist/workers-scripts/${name}/worker.js`,
  );
  expect(packed).toEqual(
    expect.arrayContaining([...needed, ...scripts, "schema/migrations/meta/_journal.json", "routing.schema.json"]),
  );
});
