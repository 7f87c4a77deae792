/**
 * `npm run build`, unless nothing that it reads has changed since this last ran it: before tests, which `npm ci` has often just built for. It
 * takes half a minute of the processor.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot } from "../package-root.ts";

const SOURCES = ["{schema,workflows,workers,infra}/**", "package.json", "package-lock.json", "tsconfig.json"];
const root = packageRoot();
const BUILT = ["dist/infra/cli/index.js", "routing.schema.json"];
/** In node_modules, so that `npm ci` removes it: other packages may build other things. */
const MARK = join(root, "node_modules/.cache/cf-eventhub/built");

/** Of every file's name, time and size: also what is removed, or comes back with an older time, is a change. */
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
