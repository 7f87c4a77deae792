/** `npm run check`: runs every `check:...` of package.json, one after another, and says at the end which of them failed. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readBareCall } from "../cli/script-call.ts";
import { packageRoot } from "../package-root.ts";

readBareCall("check", "Runs every check:... of package.json, and says at the end which of them failed.");

const root = packageRoot();
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };
const parts = Object.keys(scripts).filter((name) => name.startsWith("check:"));

// After a failure, the others still run.
const failed = parts.filter((name) => spawnSync("npm", ["run", name], { cwd: root, stdio: "inherit" }).status !== 0);

if (failed.length > 0) {
  console.error(`\n${failed.length} of ${parts.length} checks failed: ${failed.join(", ")}`);
  if (failed.includes("check:lint"))
    console.error("`npm run format` writes the format, and fixes what lint can fix: run it first");
  process.exitCode = 1;
} else console.log(`\nall ${parts.length} checks passed`);
