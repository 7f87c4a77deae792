import { type SQL, sql } from "drizzle-orm";
import { DESTINATION_STATES_SQL } from "../../health-literals.ts";
import type { DestinationStateName } from "../../vocabulary/destination-states.ts";

/** The state of a destination, and the rules that made it. */
export interface DestinationStateRow {
  destination: string;
  state: DestinationStateName;
  delivered: number;
  failed: number;
  window_seconds: number;
  least_results: number;
  failing_below: number;
  degraded_below: number;
  many_failures: number;
  degraded_below_with_many: number;
  /** How many results must have ended before the state is worth an alert. */
  alert_results: number;
}

/** The state of each destination, or of one, as in the view `destination_states`. */
export const readStates = (destination?: string): SQL<DestinationStateRow> => sql<DestinationStateRow>`
  select s.* from (${DESTINATION_STATES_SQL}) s where ${destination === undefined ? sql`true` : sql`s.destination = ${destination}`}`;
