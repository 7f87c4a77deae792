import { type SQL, sql } from "drizzle-orm";
import type { CatalogueSample } from "../../contract/catalogue.ts";

/** The most kinds that are counted: those with the most events. */
export const MAX_COUNTED_KINDS = 500;

/**
 * How many times as many events are looked at as are taken, to pass over the hub's own: those of the newest, and of a slice. Bounded, since a hub
 * with alerts may emit more of its own than producers do.
 */
const NEWEST_PASSED = 5;
const SLICE_PASSED = 10;

/** The events of one kind. */
export interface KindRow {
  /** Null for events without a kind. */
  kind: string | null;
  seen: number;
  invalid: number;
  last_seen: Date;
  /** The time of the oldest event that was looked at, of any kind. */
  since: Date;
  looked: number;
}

/**
 * The kinds of a sample of events, by the member that names the kind. No index contains kinds, so payloads are read. The sample has the newest
 * events, a few of each slice of the last days, and the newest events that are marked as not defined. The hub's own events are passed over. Where
 * they are more than {@link NEWEST_PASSED} or {@link SLICE_PASSED} allows for, the sample has fewer events of producers. Ids begin with the time, so
 * each slice is a range of the primary key.
 */
export function countKinds(member: string, sample: CatalogueSample): SQL<KindRow> {
  const { newest, days, sliceMinutes, perSlice, invalid } = sample;
  const before = (n: SQL) => sql`eventhub.uuid_at(now() - make_interval(mins => ${sliceMinutes}::int * ${n}))`;
  return sql<KindRow>`
    with slices as materialized (
      select ${before(sql`(n + 1)`)} as begins, ${before(sql`n`)} as ends from generate_series(0, ${(days * 1_440) / sliceMinutes - 1}::int) n
    ), picked as materialized (
      (select n.id from (select id, own from eventhub.events order by id desc limit ${newest * NEWEST_PASSED}) n where not n.own order by n.id desc limit ${newest})
      union
      select e.id from slices s cross join lateral
        (select n.id from (
          select id, own from eventhub.events where id >= s.begins and id < s.ends order by id desc limit ${perSlice * SLICE_PASSED}
        ) n where not n.own order by n.id desc limit ${perSlice}) e
      union
      (select id from eventhub.events where invalid is not null and id >= (select begins from slices order by begins limit 1) order by id desc limit ${invalid})
    ), looked as materialized (
      select case when jsonb_typeof(e.payload -> ${member}::text) = 'string' then left(e.payload ->> ${member}::text, 200) end as kind,
        e.invalid is not null as invalid, e.created_at
      from picked cross join lateral (select * from eventhub.events where id = picked.id offset 0) e where e.payload is not null
    )
    select kind, count(*)::int as seen, (count(*) filter (where invalid))::int as invalid, max(created_at) as last_seen,
      (select min(created_at) from looked) as since, (select count(*)::int from looked) as looked
    from looked group by kind order by seen desc, kind limit ${MAX_COUNTED_KINDS}`;
}
