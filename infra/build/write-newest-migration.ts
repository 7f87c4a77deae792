/** The second part of `npm run db:generate`: writes the name of the newest migration for the Workers, which know no files. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readMigrations } from "../cli/migrate/read-migrations.ts";
import { packageRoot } from "../package-root.ts";

const root = packageRoot();
const name = readMigrations(join(root, "schema", "migrations")).at(-1)?.name;
writeFileSync(
  join(root, "schema", "database", "newest-migration.ts"),
  `/** The newest of schema/migrations, which a database needs for this code. \`npm run db:generate\` writes it. */
export const NEWEST_MIGRATION = ${JSON.stringify(name)};
`,
);
