import type { Pool } from "pg";

/** Triggers of the fuzzer alone, which note what must never happen in the transaction in which it does, beside it. */
const WATCH = `
  create schema if not exists fuzz;
  create table fuzz.violations (detail text not null);
  create table fuzz.stored (id uuid primary key);
  create table fuzz.pauses (name text not null, at timestamptz not null);
  create table fuzz.claims (dispatch_id uuid not null, claim uuid not null, at timestamptz not null);
  create function fuzz.watch_event() returns trigger language plpgsql as $$
  begin
    insert into fuzz.stored values (new.id);
    return null;
  end $$;
  create trigger fuzz_watch after insert on eventhub.events for each row execute function fuzz.watch_event();
  create function fuzz.watch_dispatch() returns trigger language plpgsql as $$
  begin
    if old.status <> 'ongoing' and new.status <> old.status then
      insert into fuzz.violations values (format('final status changed: %s from %s to %s', old.id, old.status, new.status));
    end if;
    if new.generation < old.generation or new.attempts < old.attempts or new.attempts > old.attempts + 1 then
      insert into fuzz.violations values (format('%s: generation %s to %s, attempts %s to %s', old.id, old.generation, new.generation,
        old.attempts, new.attempts));
    end if;
    if old.instance_id is not null and new.instance_id is not null and old.instance_id <> new.instance_id then
      insert into fuzz.violations values (format('%s went from owner %s to %s', old.id, old.instance_id, new.instance_id));
    end if;
    if new.claim is distinct from old.claim and new.claim is not null then
      insert into fuzz.claims values (new.id, new.claim, clock_timestamp());
    end if;
    return null;
  end $$;
  create trigger fuzz_watch after update on eventhub.dispatches for each row execute function fuzz.watch_dispatch();`;

export async function startWatching(pool: Pool): Promise<void> {
  await pool.query(WATCH);
}

/** What the triggers have noted, and what the rows say in the end. */
export async function readViolations(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ detail: string }>(`
    select detail from fuzz.violations
    union all
    select format('%s: %s attempts, %s executions, the last %s', d.id, d.attempts, count(x.attempt), max(x.attempt))
    from eventhub.dispatches d left join eventhub.executions x on x.dispatch_id = d.id
    group by d.id having count(x.attempt) <> d.attempts or coalesce(max(x.attempt), 0) <> d.attempts
    union all
    select format('%s was retried %s times', retry_of, count(*)) from eventhub.dispatches where retry_of is not null
    group by retry_of having count(*) > 1`);
  return rows.map(({ detail }) => detail);
}
