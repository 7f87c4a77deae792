import { createApp } from "../../workers/console/app.ts";
import type { ConsoleBindings } from "../../workers/console/env.ts";

/** The console, with the keys of Cloudflare Access at an address that the test sets. `/posted` has the addresses that take forms. */
interface Env extends ConsoleBindings {
  ACCESS_KEYS: string;
}

let app: ReturnType<typeof createApp> | undefined;

export default {
  fetch(request: Request, env: Env, context: ExecutionContext): Response | Promise<Response> {
    app ??= createApp(() => new URL(env.ACCESS_KEYS));
    if (new URL(request.url).pathname === "/posted")
      return Response.json(app.routes.filter(({ method }) => method === "POST").map(({ path }) => path));
    return app.fetch(request, env, context);
  },
};
