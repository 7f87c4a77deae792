import { defineConfig } from "drizzle-kit";

/** `npm run db:generate` writes a migration for what changed in schema/tables.ts, views.ts and flow-views.ts. */
export default defineConfig({
  dialect: "postgresql",
  schema: ["./schema/tables.ts", "./schema/views.ts", "./schema/flow-views.ts"],
  out: "./schema/migrations",
  schemaFilter: ["eventhub"],
});
