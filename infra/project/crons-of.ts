import type { WranglerFile } from "./wrangler-file.ts";

/** The cron expressions of a Worker; none if there is no such Worker. */
export function cronsOf(file: WranglerFile | undefined): readonly string[] {
  const crons = file?.config.triggers?.crons;
  return Array.isArray(crons) ? crons : [];
}
