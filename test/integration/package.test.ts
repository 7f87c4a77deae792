import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory } from "../support/history.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

let directory: string;
let project: string;
let database: TestDatabase;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "eventhub-package-"));
  project = join(directory, "project");
  await mkdir(project);
  [database] = await Promise.all([createDatabase({ empty: true }), install()]);
});
afterAll(async () => {
  await database?.drop();
  await rm(directory, { recursive: true, force: true });
});

/** Without what the npm that runs the tests tells its children, and with this Node for `#!/usr/bin/env node`. */
function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|DATABASE_)/i.test(name));
  return { ...Object.fromEntries(own), PATH: [dirname(process.execPath), process.env.PATH].join(delimiter), ...more };
}

/**
 * Packs what `npm run build` has made, and installs it in an empty project. The dependencies are links to this repository's, so that no registry
 * is asked; what the package does not name it does not find.
 */
async function install(): Promise<void> {
  const npm = (cwd: string, ...args: string[]) =>
    run("npm", [...args, "--ignore-scripts", "--offline", "--cache", join(directory, "cache")], {
      cwd,
      env: environment(),
    });
  await npm(ROOT, "pack", "--pack-destination", directory);
  const links = Object.keys(manifest.dependencies).map((name) => [name, `file:${join(ROOT, "node_modules", name)}`]);
  const dependencies = { [manifest.name]: `file:../${manifest.name}-${manifest.version}.tgz` };
  await writeFile(
    join(project, "package.json"),
    JSON.stringify({ private: true, dependencies, overrides: Object.fromEntries(links) }),
  );
  await npm(project, "install", "--no-audit", "--no-fund");
}

/** What `npx cf-eventhub-workflows` runs. */
async function eventhub(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { code, stdout, stderr } = await run(join(project, "node_modules", ".bin", "eventhub"), [...args], {
    cwd: project,
    env: environment(env),
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
    [["migrate", "now"], 2, "Usage: eventhub migrate"],
    [["ops", "stats", "--sinse", "2h"], 2, "Usage: eventhub ops stats"],
    [["routes", "check"], 2, "usage: eventhub routes check <config.json>"],
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
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("Usage: npm run ops -- stats") });
});

test("what is built imports nothing but the dependencies that the package names", async () => {
  const dist = join(project, "node_modules", manifest.name, "dist");
  const named = new Set([...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)]);
  const files = (await readdir(dist, { recursive: true })).filter(
    // The Workers' scripts are bundled.
    (file) => file.endsWith(".js") && !file.startsWith("workers-scripts"),
  );
  const imported = await Promise.all(
    files.map(async (file) => ts.preProcessFile(await readFile(join(dist, file), "utf8")).importedFiles),
  );
  const packages = new Set(
    imported
      .flat()
      .filter(({ fileName }) => !/^(\.|node:|cloudflare:)/.test(fileName))
      .map(({ fileName }) => /^(@[^/]+\/)?[^/]+/.exec(fileName)?.[0]),
  );
  expect(packages).toContain("commander");
  expect([...packages].filter((name) => !named.has(name ?? ""))).toEqual([]);
});
