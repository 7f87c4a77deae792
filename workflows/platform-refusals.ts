/**
 * What the platform says when it refuses or ends a call. Fixed words, so that a log line may hold them where a consumer's own reason might quote a
 * payload.
 * @see https://developers.cloudflare.com/workers/observability/errors/
 */
const REFUSALS: readonly string[] = [
  "Too many subrequests",
  "Too many API requests by single worker invocation",
  "Subrequest depth limit exceeded",
  "Worker exceeded CPU time limit",
  "Worker exceeded memory limit",
  "Worker exceeded resource limits",
  "exceeded its memory limit",
  "Network connection lost",
  "code was updated",
  "This script has been upgraded",
  "The script will never generate a response",
  "internal error; reference",
];

/** The platform's own words in a reason, whoever passed them on, or `undefined`. */
export function platformRefusal(reason: string | null): string | undefined {
  const text = reason?.toLowerCase() ?? "";
  return REFUSALS.find((words) => text.includes(words.toLowerCase()));
}
