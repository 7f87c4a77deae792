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
  /**
   * By which its destination's limits count it: empty where they have no key, or the payload has none there (the shared key); null if the
   * destination has neither limits nor an order.
   */
  flowKey: string | null;
  /** Within which its destination is called in order: empty for the shared key; null without an order. */
  orderKey: string | null;
}
