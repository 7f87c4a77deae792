import { type SQL, sql } from "drizzle-orm";

/** Kinds that are counted, those with most events first. */
export const MAX_COUNTED_KINDS = 500;

/** What was seen of one kind. */
export interface KindRow {
  /** Null for events without one. */
  kind: string | null;
  seen: number;
  invalid: number;
  last_seen: Date;
  /** The moment of the oldest event that was looked at. */
  since: Date;
  looked: number;
}

/** The kinds of the newest so many events, by the member that names it; the hub's own are left out. No index has kinds: payloads are read. */
export function countKinds(member: string, newest: number): SQL<KindRow> {
  return sql<KindRow>`
    with looked as materialized (
      select case when jsonb_typeof(e.payload -> ${member}::text) = 'string' then left(e.payload ->> ${member}::text, 200) end as kind,
        e.invalid is not null as invalid, e.created_at
      from (select * from eventhub.events order by id desc limit ${newest}) e where e.payload is not null and not e.own
    )
    select kind, count(*)::int as seen, (count(*) filter (where invalid))::int as invalid, max(created_at) as last_seen,
      (select min(created_at) from looked) as since, (select count(*)::int from looked) as looked
    from looked group by kind order by seen desc, kind limit ${MAX_COUNTED_KINDS}`;
}
