import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import manifest from "../../package.json" with { type: "json" };
import { ROOT } from "./wrangler-config.ts";

const run = promisify(execFile);

/** The Node that runs the package; test/matrix sets others. */
const NODE = process.env.TEST_NODE ?? process.execPath;

/** The environment without the variables that npm gives to the tests, and with this Node for `#!/usr/bin/env node`. */
export function cleanEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|DATABASE_)/i.test(name));
  return { ...Object.fromEntries(own), PATH: [dirname(NODE), process.env.PATH].join(delimiter), ...more };
}

/** A project that has the package installed. */
interface Installed {
  /** The project's folder. */
  project: string;
  /** The files in the package's tarball, with the current `dist/`. */
  packed: string[];
}

/**
 * Packs the result of `npm run build`, and installs it in the empty project `directory`/project. The dependencies are links to those of this
 * repository, so that no registry is asked. The package does not find any that it does not name.
 *
 * @param beside Further packages of this repository that the project depends on.
 */
export async function installPackage(directory: string, beside: readonly string[] = []): Promise<Installed> {
  const project = join(directory, "project");
  const npm = (cwd: string, ...args: string[]) =>
    run("npm", [...args, "--ignore-scripts", "--offline", "--cache", join(directory, "cache")], {
      cwd,
      env: cleanEnvironment(),
      maxBuffer: 16 * 1024 * 1024,
    });
  await mkdir(project);
  const { stdout } = await npm(ROOT, "pack", "--json", "--pack-destination", directory);
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const link = (name: string) => [name, `file:${join(ROOT, "node_modules", name)}`] as const;
  const dependencies = {
    ...Object.fromEntries(beside.map(link)),
    [manifest.name]: `file:../${manifest.name}-${manifest.version}.tgz`,
  };
  const overrides = Object.fromEntries(Object.keys(manifest.dependencies).map(link));
  await writeFile(
    join(project, "package.json"),
    JSON.stringify({ private: true, type: "module", dependencies, overrides }),
  );
  await npm(project, "install", "--no-audit", "--no-fund");
  return { project, packed: files.map(({ path }) => path).sort() };
}
