/**
 * `npm run check:migrations`: fails if schema/migrations lacks anything of schema/tables.ts, schema/views.ts and schema/flow-views.ts, or if a
 * migration would make the hub wait while it builds an index. Generates into a copy, so that the check itself changes nothing.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { IN_STEPS, readMigrations } from "../cli/migrate/read-migrations.ts";
import { blockingStatements } from "../cli/migrate/steps.ts";
import { readBareCall } from "../cli/script-call.ts";
import { packageRoot } from "../package-root.ts";

readBareCall("check:migrations", "Fails if schema/migrations lacks anything of schema/, or would make the hub wait.");

const root = packageRoot();
// drizzle-kit accepts `out` only below the working directory.
const copy = mkdtempSync(join(root, "node_modules", ".migrations-"));
try {
  cpSync(join(root, "schema", "migrations"), copy, { recursive: true });
  const before = readdirSync(copy).length;
  execFileSync(
    join(root, "node_modules", ".bin", "drizzle-kit"),
    [
      "generate",
      "--dialect=postgresql",
      "--schema=./schema/{tables,views,flow-views}.ts",
      `--out=${copy.slice(root.length + 1)}`,
      "--name=unwritten",
    ],
    { cwd: root, stdio: ["ignore", "ignore", "inherit"] },
  );
  const unwritten = readdirSync(copy).find((name) => name.endsWith("unwritten.sql"));
  if (unwritten !== undefined || readdirSync(copy).length !== before) {
    console.error("schema/migrations is behind schema/tables.ts and the views beside it: run npm run db:generate");
    process.exitCode = 1;
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}

for (const migration of readMigrations(join(root, "schema", "migrations"))) {
  if (migration.inSteps) continue;
  for (const statement of blockingStatements(migration)) {
    console.error(`${migration.name} must begin with the line "${IN_STEPS}": ${statement.split("\n")[0]}`);
    process.exitCode = 1;
  }
}
