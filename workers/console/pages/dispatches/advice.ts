import type { DispatchSummary } from "../../../../schema/contract/operator.ts";

/** What a final status without success means, and what to do about it, in a sentence or two. */
export function adviceOn({
  status,
  destination,
  attempts,
  maxRetries,
  retriedBy,
}: DispatchSummary & { retriedBy?: string | null }): string | undefined {
  if (retriedBy) return "It has been retried: the newer dispatch tells how that went.";
  switch (status) {
    case "failed":
      return attempts > maxRetries
        ? `All ${attempts} attempts failed. Once ${destination} is in order again, retry it.`
        : `${destination} said that another attempt is of no use. Mend the cause, then retry it.`;
    case "misconfigured":
      return `The executor cannot reach ${destination}: bind it under that name (and deploy the executor), or take the route away. Then retry it.`;
    case "lost":
      return "Its Workflow instances ended again and again before an attempt could be recorded. Look the instance up in Cloudflare's dashboard, then retry it.";
    default:
      return undefined;
  }
}
