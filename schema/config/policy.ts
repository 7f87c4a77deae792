import type { RetryDelay } from "./routes.ts";

/** What a route lays down for its dispatches: where they go, and how. */
export interface Policy {
  destination: string;
  /** Its name. */
  route: string;
  maxRetries: number;
  retryDelay: RetryDelay;
  timeoutSeconds: number;
  /** The route shapes the payload. */
  transformed: boolean;
}
