/** A text with which the platform refuses or ends a call. */
export interface PlatformWord {
  /** A fixed text, so that a log line may contain it; a consumer's own reason might quote a payload. */
  readonly words: string;
  /**
   * `refused`: as far as the text says, nothing has begun on the other side, and the call is made again in a smaller group. `unknown`: something may
   * have begun, so it counts as the destination's attempt.
   */
  readonly means: "refused" | "unknown";
  readonly source: string;
}

const LIMITS = "https://developers.cloudflare.com/workers/platform/limits/#subrequests";
const ERRORS = "https://developers.cloudflare.com/workers/observability/errors/";
const OBJECTS = "https://developers.cloudflare.com/durable-objects/observability/troubleshooting/";
const D1 = "https://developers.cloudflare.com/d1/observability/debug-d1/#error-list";

const refused = (words: string, source: string): PlatformWord => ({ words, means: "refused", source });
const unknown = (words: string, source: string): PlatformWord => ({ words, means: "unknown", source });

/** Every text of the platform that is distinguished from a consumer's own, with its source. */
export const PLATFORM_WORDS: readonly PlatformWord[] = [
  refused("Too many subrequests", LIMITS),
  // The same limit, for bindings of the platform's own services.
  refused("Too many API requests by single worker invocation", LIMITS),
  refused("Subrequest depth limit exceeded", "https://github.com/tldraw/tldraw/pull/5722"),
  refused("Durable Object is overloaded", OBJECTS),
  refused("Your account is generating too much load on Durable Objects", OBJECTS),
  refused("D1 DB is overloaded", D1),
  refused("Queue is overloaded", "https://github.com/cloudflare/workerd/issues/6053"),
  unknown("Worker exceeded CPU time limit", ERRORS),
  unknown("Worker exceeded memory limit", ERRORS),
  unknown(
    "Worker exceeded resource limits",
    "https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/error-1102",
  ),
  unknown("The script will never generate a response", ERRORS),
  unknown("code had hung and would never generate a response", ERRORS),
  unknown("exceeded its memory limit", OBJECTS),
  unknown("exceeded its CPU time limit", D1),
  unknown("caused object to be reset", OBJECTS),
  unknown("code was updated", OBJECTS),
  unknown(
    "This script has been upgraded",
    "https://developers.cloudflare.com/durable-objects/deployments/durable-objects-code-updates/",
  ),
  unknown("Network connection lost", OBJECTS),
  unknown("internal error; reference", ERRORS),
];

/** The platform's own message in a text, whoever passed it on; `undefined` if there is none. */
export function platformWord(text: string | null): PlatformWord | undefined {
  const lower = text?.toLowerCase() ?? "";
  return PLATFORM_WORDS.find(({ words }) => lower.includes(words.toLowerCase()));
}
