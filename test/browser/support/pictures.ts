import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/wrangler-config.ts";

/** Where the console's pictures are, and what they show. */
export const PICTURES = join(ROOT, "workers/console/screenshots");

/**
 * What the pictures show, a line each: `overview: Needs attention` for words of the interface, `style: --bg: ...` for the colours and sizes that all
 * pages are made of. `npm run screenshots` writes it beside the pictures.
 */
export const SHOWN = join(PICTURES, "shown.txt");

/** The colours and sizes of every page, as their lines. */
export function stylesOfNow(): string[] {
  const roots = ["colors.css", "base.css"].map((name) => {
    const css = readFileSync(join(ROOT, "workers/console/assets", name), "utf8").replaceAll(/\/\*.*?\*\//gs, "");
    return /:root \{(.*?)\n\}/s.exec(css)?.[1] ?? "";
  });
  return [...roots.join("").matchAll(/(--[\w-]+): ([^;]+);/g)].map(
    ([, name, value = ""]) => `style: ${name}: ${value.replaceAll(/\s+/g, " ")}`,
  );
}
