import type { ConsoleApp } from "../env.ts";

/** Where the style is that knows the environment's colour, as `--environment`. */
export const ENVIRONMENT_STYLE = "/environment.css";

/** Gives the environment's colour to the pages' style as a file, so that no page needs a style of its own, and the policy allows none. */
export function addEnvironmentStyle(app: ConsoleApp): void {
  app.get(ENVIRONMENT_STYLE, (c) => {
    const { color } = c.var.environment;
    const style = color === undefined ? "" : `:root { --environment: ${color} }\n`;
    return c.body(style, 200, { "Content-Type": "text/css; charset=utf-8", "Cache-Control": "private, max-age=300" });
  });
}
