import { createMetricsApp, type MetricsApp } from "../../workers/metrics/app.ts";
import type { MetricsEnv } from "../../workers/metrics/env.ts";

type Env = MetricsEnv & { ACCESS_KEYS?: string };

/** The metrics Worker, with the keys of Access at an address that the test sets. */
let app: MetricsApp | undefined;
const appOf = (env: Env) => (app ??= createMetricsApp((issuer) => new URL(env.ACCESS_KEYS ?? issuer)));

export default {
  fetch: (request: Request, env: Env) => appOf(env).fetch(request, env),
  scheduled: (controller: ScheduledController, env: Env) => appOf(env).scheduled(controller, env),
};
