/**
 * Checks the types of the packed package in the way that other projects resolve them. It is packed elsewhere, since a tarball in the root may belong
 * to somebody.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBareCall } from "../cli/script-call.ts";
import { packageRoot } from "../package-root.ts";

readBareCall("check:package", "Checks the packed package as other projects read it.");

const cwd = packageRoot();
const directory = mkdtempSync(join(tmpdir(), "eventhub-packed-"));
try {
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", directory], { cwd });
  const [tarball = ""] = readdirSync(directory);
  const { status } = spawnSync("attw", [join(directory, tarball), "--profile", "esm-only"], { cwd, stdio: "inherit" });
  process.exitCode = status ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
