import { readFileSync } from "node:fs";

/** A plugin for vitest: drawings are text, as in the console's Worker (`CONSOLE_LOADER`). */
export const DRAWINGS = {
  name: "drawings as text",
  enforce: "pre" as const,
  load: (id: string) =>
    id.endsWith(".svg") ? `export default ${JSON.stringify(readFileSync(id, "utf8"))}` : undefined,
};
