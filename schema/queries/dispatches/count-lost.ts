import { type SQL, sql } from "drizzle-orm";

/** The most lost dispatches that are looked at. */
const MAX_LOST = 1_000;

/** The lost dispatches of one destination. */
export interface LostRow {
  destination: string;
  dispatches: number;
  oldest: Date;
}

/** The dispatches that were given up as lost and not retried, by destination, among the newest {@link MAX_LOST}. */
export const countLost = (): SQL<LostRow> => sql<LostRow>`
  select l.destination, count(*)::int as dispatches, min(l.resulted_at) as oldest
  from (
    select d.destination, d.resulted_at, d.id from eventhub.dispatches d
    where d.status = 'lost' order by d.id desc limit ${MAX_LOST}
  ) l
  where not exists (select from eventhub.dispatches x where x.retry_of = l.id)
  group by l.destination order by l.destination`;
