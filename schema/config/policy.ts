import type { RetryDelay } from "./routes.ts";

/** What a route decides for its dispatches: where they go, and how. */
export interface Policy {
  destination: string;
  /** The name of the route. */
  route: string;
  maxRetries: number;
  retryDelay: RetryDelay;
  timeoutSeconds: number;
  /** Whether the route transforms the payload. */
  transformed: boolean;
  /**
   * The key by which the destination's limits count the dispatch. It is empty if the limits have no key, or if the payload has none there (the shared
   * key); null if the destination has neither limits nor an order.
   */
  flowKey: string | null;
  /** The key within which the destination is called in order: empty for the shared key, null without an order. */
  orderKey: string | null;
}
