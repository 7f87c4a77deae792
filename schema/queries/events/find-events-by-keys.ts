import { type SQL, sql } from "drizzle-orm";

export interface StoredEvent {
  id: string;
  idempotency_key: string;
  idempotency_index: number;
  dispatches: { id: string; destination: string }[];
}

/** The events that were stored under these idempotency keys, with their first dispatches, without those that operators added later. */
export function findEventsByKeys(keys: readonly string[]): SQL<StoredEvent> {
  return sql<StoredEvent>`
    select e.id, e.idempotency_key, e.idempotency_index,
      coalesce(json_agg(json_build_object('id', d.id, 'destination', d.destination) order by d.id)
        filter (where d.id is not null), '[]') as dispatches
    from eventhub.events e
    left join eventhub.dispatches d on d.event_id = e.id and d.operation_id is null and d.retry_of is null
    where e.idempotency_key = any(array(select json_array_elements_text(${JSON.stringify(keys)}::json)))
    group by e.id`;
}
