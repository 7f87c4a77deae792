import { type SQL, sql } from "drizzle-orm";
import { callsLastMinute } from "../../flow-literals.ts";
import type { FlowBlock } from "../../vocabulary/statuses.ts";

export interface FlowDestinationRow {
  destination: string;
  in_flight: number;
  calls_last_minute: number;
  blocked: FlowBlock | null;
  cool_until: Date | null;
  looked_at: Date | null;
  override: Readonly<Record<string, unknown>> | null;
  override_until: Date | null;
}

/** The destinations that have, or had, limits or an order, with their current state; or one of them. */
export function readFlowDestination(name?: string): SQL<FlowDestinationRow> {
  return sql<FlowDestinationRow>`
    select f.destination, (select count(*)::int from eventhub.flights v where v.destination = f.destination) as in_flight,
      ${callsLastMinute("f")} as calls_last_minute,
      case when f.cool_until > now() or f.blocked <> 'cooldown' then f.blocked end as blocked,
      case when f.cool_until > now() then f.cool_until end as cool_until, f.looked_at,
      case when f.override_until > now() then f.override end as override, case when f.override_until > now() then f.override_until end as override_until
    from eventhub.flow_destinations f where ${name === undefined ? sql`true` : sql`f.destination = ${name}`} order by f.destination`;
}
