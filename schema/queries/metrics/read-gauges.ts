import { type SQL, sql } from "drizzle-orm";
import { HOLDS } from "../../flow-literals.ts";

/** The current value of a gauge. */
export interface GaugeRow {
  gauge:
    | "eventhub_ongoing"
    | "eventhub_flow_waiting"
    | "eventhub_held_keys"
    | "eventhub_paused"
    | "eventhub_operations_running";
  /** Empty if the gauge has no destination. */
  destination: string;
  value: number;
}

/** What is ongoing, waiting, held or paused now, found by indexes. Every destination with a row of its own has a value of `eventhub_paused`. */
export const readGauges = (): SQL<GaugeRow> => sql<GaugeRow>`
  with ongoing as (
    select d.destination, count(*)::float8 as dispatches from eventhub.dispatches d where d.status = 'ongoing' group by d.destination
  )
  select 'eventhub_ongoing' as gauge, o.destination, o.dispatches as value from ongoing o
  union all
  select 'eventhub_flow_waiting', d.destination, count(*)::float8 from eventhub.dispatches d
  where d.waiting and d.status = 'ongoing' group by d.destination
  union all
  select 'eventhub_held_keys', h.destination, count(distinct h.order_key)::float8 from eventhub.dispatches h
  where ${HOLDS} group by h.destination
  union all
  select 'eventhub_paused', p.name, (p.paused_at is not null)::int::float8 from eventhub.destinations p
  union all
  select 'eventhub_operations_running', '', count(*)::float8 from eventhub.operations where state = 'running'`;
