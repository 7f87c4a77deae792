import { DatabaseError } from "../../schema/database/database-error.ts";
import { databaseOf } from "../../schema/database/from-environment.ts";
import { errorText } from "../../schema/text/error-text.ts";
import { log } from "../../schema/text/log.ts";
import { printable } from "../../schema/text/printable.ts";
import { METRICS_CACHE_SECONDS } from "../../schema/vocabulary/metrics.ts";
import { MisconfiguredError } from "../../schema/vocabulary/misconfigured-error.ts";
import { createTokenChecks, type KeysOf } from "../console/guards/access-token.ts";
import { examineDeployment } from "../hub/operator/examine-deployment.ts";
import { plain, refusal } from "./admit.ts";
import type { MetricsEnv } from "./env.ts";
import { databaseFault, type Health, healthOf } from "./health.ts";
import { Kept } from "./keep-value.ts";
import { OPEN_METRICS, openMetrics } from "./open-metrics.ts";
import { push } from "./push.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";

/** Answers requests, and pushes when its cron calls it. */
export interface MetricsApp {
  fetch(request: Request, env: MetricsEnv): Promise<Response>;
  scheduled(controller: ScheduledController, env: MetricsEnv): Promise<void>;
}

/**
 * Makes the metrics Worker: `GET /metrics` for Prometheus and other readers of OpenMetrics, `GET /health` for uptime checks, and the same metrics
 * pushed over OTLP. The first two are off until there is a token, the third until there is a cron and an endpoint.
 *
 * @param keysOf Where the keys of Access are. Default: Cloudflare's.
 */
export function createMetricsApp(keysOf?: KeysOf): MetricsApp {
  const tokens = createTokenChecks(keysOf);
  const metrics = new Kept<Snapshot>(METRICS_CACHE_SECONDS);
  const health = new Kept<Health>(METRICS_CACHE_SECONDS);

  const take = (env: MetricsEnv) => metrics.get(() => takeSnapshot(databaseOf(env)));

  const answerMetrics = async (env: MetricsEnv): Promise<Response> => {
    try {
      const { samples } = await take(env);
      return new Response(openMetrics(samples), { headers: { "Content-Type": OPEN_METRICS, ...NOT_KEPT } });
    } catch (error) {
      log("error", "metrics.failed", { path: "/metrics", error: errorText(error) });
      const known = error instanceof DatabaseError || error instanceof MisconfiguredError;
      const text = known ? error.message : "the metrics could not be read: the log of this Worker says why";
      return plain(known ? 503 : 500, `${printable(text)}\n`, NOT_KEPT);
    }
  };

  const answerHealth = async (env: MetricsEnv): Promise<Response> => {
    const found = await health.get(async () => healthOf(await examineDeployment(databaseOf(env)))).catch(unreachable);
    return Response.json(found, { status: found.status === "ok" ? 200 : 503, headers: NOT_KEPT });
  };

  return {
    async fetch(request, env) {
      const { pathname } = new URL(request.url);
      if (pathname !== "/metrics" && pathname !== "/health") return plain(404, "use GET /metrics or GET /health\n");
      if (request.method !== "GET" && request.method !== "HEAD")
        return plain(405, "only GET is answered\n", { Allow: "GET, HEAD" });
      const refused = await refusal(request, env, { access: pathname === "/health", tokens });
      if (refused !== undefined) return refused;
      return pathname === "/metrics" ? await answerMetrics(env) : await answerHealth(env);
    },
    scheduled: (_controller, env) => push(env, () => take(env)),
  };
}

const NOT_KEPT = { "Cache-Control": "no-store" };

/** The health of a hub whose database did not answer. @throws Any error that is not the database's */
function unreachable(error: unknown): Health {
  log("error", "metrics.failed", { path: "/health", error: errorText(error) });
  const cause = error instanceof MisconfiguredError ? error.cause : error;
  if (!(cause instanceof DatabaseError)) throw error;
  return healthOf({ faults: [databaseFault(cause)] });
}
