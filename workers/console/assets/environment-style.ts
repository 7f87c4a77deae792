import type { ConsoleApp } from "../env.ts";

/** The URL of the style that sets the environment's colour as `--environment`. */
export const ENVIRONMENT_STYLE = "/environment.css";

/** Serves the environment's colour as a style file. So no page needs an inline style, and the policy allows none. */
export function addEnvironmentStyle(app: ConsoleApp): void {
  app.get(ENVIRONMENT_STYLE, (c) => {
    const { color } = c.var.environment;
    const style = color === undefined ? "" : `:root { --environment: ${color} }\n`;
    return c.body(style, 200, { "Content-Type": "text/css; charset=utf-8", "Cache-Control": "private, max-age=300" });
  });
}
