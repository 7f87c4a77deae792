-- Read under the locks of a statement that decides by a pause. VOLATILE: each call sees what is committed by then, a statement only what was at its start.
CREATE FUNCTION eventhub.paused_destinations(names text[]) RETURNS SETOF eventhub.destinations LANGUAGE plpgsql VOLATILE STRICT ROWS 1 AS $$
begin
  -- At other levels there is no fresh look. The hub's statements are repeated at READ COMMITTED after this (schema/database.ts).
  if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
    raise serialization_failure using message = 'claims need READ COMMITTED';
  end if;
  -- The gates of the destinations, until the transaction ends: see closeGate in schema/queries/lock-order.ts.
  perform pg_advisory_xact_lock_shared(7237971, hashtext(n.name)) from (select distinct unnest(names) as name order by 1) n;
  return query select p.* from eventhub.destinations p where p.name = any(names) and p.paused_at is not null;
end $$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.paused_destinations IS 'Those of the destinations that are paused at this moment, and not at the start of the statement that asks. A pause that is being written is answered only after the transaction that asked has ended.';--> statement-breakpoint

-- As before, and in the one order of all statements that lock dispatches: by id.
CREATE OR REPLACE FUNCTION eventhub.expire_rows(age interval, batch integer DEFAULT 1000) RETURNS integer LANGUAGE plpgsql AS $$
declare
  old uuid[];
  done integer;
begin
  select array_agg(found.id) into old from (
    select e.id from eventhub.events e
    where e.routed and e.id < eventhub.uuid_at(now() - age + interval '1 hour') and e.created_at < now() - age
      and not exists (select from eventhub.dispatches d
        where d.event_id = e.id and (d.status = 'ongoing' or d.resulted_at > now() - age))
    order by e.id limit batch for update skip locked) found;
  select array_agg(e.id) into old from eventhub.events e
  where e.id = any(old) and not exists (select from eventhub.dispatches d
    where d.event_id = e.id and (d.status = 'ongoing' or d.resulted_at > now() - age));
  perform from eventhub.dispatches d where d.event_id = any(old) order by d.id for update;
  delete from eventhub.executions x using eventhub.dispatches d where d.event_id = any(old) and x.dispatch_id = d.id;
  delete from eventhub.dispatches d where d.event_id = any(old);
  delete from eventhub.events e where e.id = any(old);
  get diagnostics done = row_count;
  return done;
end $$;
