import { errorText } from "../../schema/text/error-text.ts";
import { log } from "../../schema/text/log.ts";
import { MIN_TOKEN_LENGTH } from "../../schema/vocabulary/limits.ts";
import { hasBearerToken } from "../bearer-token.ts";
import { readAccess } from "../console/guards/access-settings.ts";
import { KeysUnavailable, type TokenChecks } from "../console/guards/access-token.ts";
import type { MetricsEnv } from "./env.ts";

const OFF = `the metrics are off: set this Worker's secret METRICS_TOKEN, of at least ${MIN_TOKEN_LENGTH} characters (npx wrangler secret put METRICS_TOKEN)\n`;
const SHORT = `METRICS_TOKEN has fewer than ${MIN_TOKEN_LENGTH} characters: set a longer one, such as openssl rand -base64 32 prints\n`;

/** The tokens that a route accepts. */
interface Door {
  /** Whether a service token of Cloudflare Access is also accepted. */
  access: boolean;
  /** Checks a token of Access. */
  tokens: TokenChecks;
}

/** The refusal of a request that shows neither the token nor, if accepted, a token of Access; `undefined` for a request that may come in. */
export async function refusal(request: Request, env: MetricsEnv, door: Door): Promise<Response | undefined> {
  const token = env.METRICS_TOKEN?.trim() ?? "";
  if (token !== "" && token.length < MIN_TOKEN_LENGTH) return plain(503, SHORT);
  if (token !== "" && (await hasBearerToken(request, token))) return undefined;
  const behindAccess = door.access && Boolean(env.ACCESS_TEAM?.trim() || env.ACCESS_AUDIENCE?.trim());
  if (token === "" && !behindAccess) return plain(503, OFF);
  if (behindAccess && (await isSignedIn(request, env, door))) return undefined;
  return plain(401, "Authorization: Bearer <METRICS_TOKEN> is required\n", { "WWW-Authenticate": "Bearer" });
}

/** Whether Access has let the request through. The request itself must prove it. */
async function isSignedIn(request: Request, env: MetricsEnv, { tokens }: Door): Promise<boolean> {
  const settings = readAccess(env);
  const token = request.headers.get("Cf-Access-Jwt-Assertion") ?? "";
  if (settings.kind !== "access" || token === "") return false;
  try {
    await tokens(settings)(token);
    return true;
  } catch (error) {
    log("warn", "metrics.refused", {
      reason: errorText(error),
      cause: error instanceof KeysUnavailable ? errorText(error.cause) : "",
    });
    return false;
  }
}

/** An answer of one line. */
export const plain = (status: number, text: string, headers: Record<string, string> = {}): Response =>
  new Response(text, { status, headers: { "Content-Type": "text/plain; charset=utf-8", ...headers } });
