import type { Destination } from "../../schema/config/destinations/index.ts";

/** A destination of the campaign: its share of the load, and which parts of its deliveries can be seen from outside. */
interface Shown {
  kind: Destination["kind"];
  /** As a share of 1, over everything that events are sent to. */
  share: number;
  /**
   * Whether a call tells which attempt it is. If it tells only the dispatch or the event (the id of a webhook, an instance or a message), the attempt
   * is the one that was next by the database's own record when the call began.
   */
  tellsAttempt: boolean;
  /**
   * What a delivery leaves behind in addition to the call; left out if nothing, since the call's answer is everything. `once`: one thing per
   * dispatch, whatever dies. `until a kill`: one thing per call, but the local queue is in memory, and a kill empties it.
   */
  leaves?: "once" | "until a kill";
}

/** Every destination that the routes of test/workers/chaos/routing.json name. */
export const DESTINATIONS: Readonly<Record<string, Shown>> = {
  STEADY: { kind: "worker", share: 0.07, tellsAttempt: true },
  EAGER: { kind: "worker", share: 0.07, tellsAttempt: true },
  SINGLE: { kind: "worker", share: 0.07, tellsAttempt: true },
  RATED: { kind: "worker", share: 0.06, tellsAttempt: true },
  KEYED: { kind: "worker", share: 0.09, tellsAttempt: true },
  ORDERED: { kind: "worker", share: 0.08, tellsAttempt: true },
  HELD: { kind: "worker", share: 0.12, tellsAttempt: true },
  BATCH: { kind: "worker", share: 0.07, tellsAttempt: true },
  LATER: { kind: "worker", share: 0.04, tellsAttempt: true },
  MISSING: { kind: "worker", share: 0.02, tellsAttempt: true },
  WEBHOOK: { kind: "webhook", share: 0.08, tellsAttempt: false },
  MESSAGES: { kind: "queue", share: 0.05, tellsAttempt: false, leaves: "until a kill" },
  STARTER: { kind: "workflow", share: 0.04, tellsAttempt: false, leaves: "once" },
  BUCKET: { kind: "r2", share: 0.04, tellsAttempt: true, leaves: "once" },
  RELAY: { kind: "hub", share: 0.02, tellsAttempt: true, leaves: "once" },
  // Goes round until it has passed the most hubs that it may pass.
  LOOP: { kind: "hub", share: 0.01, tellsAttempt: true, leaves: "once" },
};

/** The other names that events are sent to, each with its share of the load and the destinations that it stands for. */
export const OTHERS: Readonly<Record<string, { share: number; destinations: readonly string[] }>> = {
  both: { share: 0.05, destinations: ["EAGER", "STEADY"] },
  nobody: { share: 0.02, destinations: [] },
};

/** The kind of a destination, for the text of a finding. */
export const kindOf = (destination: string): Destination["kind"] | "unknown" =>
  DESTINATIONS[destination]?.kind ?? "unknown";
