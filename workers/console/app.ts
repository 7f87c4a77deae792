import { Hono } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { firstDayText } from "../../schema/vocabulary/first-day.ts";
import { MisconfiguredError } from "../../schema/vocabulary/misconfigured-error.ts";
import { actingAs } from "./acting-as.ts";
import { addEnvironmentStyle } from "./assets/environment-style.ts";
import { serveAssets } from "./assets/serve-assets.ts";
import type { ConsoleApp, ConsoleEnv } from "./env.ts";
import { environmentOf } from "./environment.ts";
import { errorPage, methodNotAllowedPage, notFoundPage } from "./errors/error-pages.tsx";
import { requireAccess } from "./guards/access.ts";
import type { KeysOf } from "./guards/access-token.ts";
import { onlyForms, onlyOwnForms, onlySmallForms } from "./guards/form-guards.ts";
import { printablePages } from "./guards/printable-html.ts";
import { readersOnlyRead } from "./guards/readers-only-read.ts";
import { securityHeaders } from "./guards/security-headers.ts";
import { addPages } from "./pages/index.ts";
import { unchangedPages } from "./unchanged-pages.ts";

const UNBOUND = "OPERATOR: bind the hub's entrypoint Operator to the console's Worker under this name";

/**
 * Makes the console: first what the browser may do, who may come in and what may change anything, then the pages.
 *
 * @param keysOf Where the keys of Access are. Default: Cloudflare's.
 */
export function createApp(keysOf?: KeysOf): ConsoleApp {
  const app = new Hono<ConsoleEnv>();
  app.onError(errorPage);
  app.notFound(notFoundPage);
  app.use(securityHeaders);
  app.use(unchangedPages);
  app.use(printablePages);
  app.use(async (c, next) => {
    // Pages show payloads, which no cache may keep.
    c.header("Cache-Control", "no-store");
    c.set("environment", environmentOf(c.env));
    await next();
  });
  app.use(requireAccess(keysOf));
  app.use(serveAssets);
  app.use(onlyForms, onlyOwnForms, onlySmallForms, readersOnlyRead);
  app.use(async (c, next) => {
    // Without the binding it is undefined, whatever the type says.
    if (!c.env.OPERATOR) throw new MisconfiguredError(UNBOUND);
    // With RPC, a binding seems to have every method. Without this one, the compatibility date is too old for RPC.
    if (typeof c.env.OPERATOR.problems !== "function")
      throw new MisconfiguredError(firstDayText("old_compatibility_date"));
    c.set("operator", actingAs(c.env.OPERATOR, c.var.actor, c.var.role));
    await next();
  });
  app.use(methodNotAllowed({ app, onMethodNotAllowed: methodNotAllowedPage }));
  addEnvironmentStyle(app);
  addPages(app);
  return app;
}
