/**
 * `npm run build`, unless nothing that it reads has changed since its last run. It runs before tests, for which `npm ci` has often just built, and
 * saves half a minute of CPU time.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readBareCall } from "../cli/script-call.ts";
import { packageRoot } from "../package-root.ts";

readBareCall("build:if-changed", "npm run build, unless its sources are unchanged.");

const SOURCES = ["{schema,workflows,workers,infra}/**", "package.json", "package-lock.json", "tsconfig.json"];
const root = packageRoot();
const BUILT = ["dist/infra/cli/index.js", "routing.schema.json"];
/** In node_modules, so that `npm ci` removes it: other packages may build other things. */
const MARK = join(root, "node_modules/.cache/cf-eventhub/built");

/** Made from the name, time and size of every file, so it also changes if a file is removed, or comes back with an older time. */
function fingerprint(): string {
  const hash = createHash("sha256");
  for (const path of globSync(SOURCES, { cwd: root }).sort()) {
    const { mtimeMs, size } = statSync(join(root, path));
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex");
}

const found = fingerprint();
if (!BUILT.every((path) => existsSync(join(root, path))) || !existsSync(MARK) || readFileSync(MARK, "utf8") !== found) {
  rmSync(MARK, { force: true });
  execFileSync("npm", ["run", "build"], { cwd: root, stdio: "inherit" });
  mkdirSync(dirname(MARK), { recursive: true });
  writeFileSync(MARK, found);
}
