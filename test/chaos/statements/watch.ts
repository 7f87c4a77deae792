import type { Pool } from "pg";
import type { Findings, Invariant } from "./findings.ts";

/**
 * Watches every change from within, in the transaction that makes it. Slows down some changes, so that other statements overtake them between two
 * rows. Keeps what the checks need about rows that retention deletes. It has no constraints and no indexes that several transactions would wait for,
 * so nobody waits for another because of it.
 */
const WATCH = `
  create schema fuzz;
  create table fuzz.violations (id bigint generated always as identity, invariant text not null, detail text not null);
  create table fuzz.removed (id uuid not null, at timestamptz not null default clock_timestamp());
  create index on fuzz.removed (id);
  create table fuzz.made (operation_id uuid not null, at timestamptz not null default clock_timestamp());
  create index on fuzz.made (operation_id);

  create function fuzz.violated(invariant text, detail text) returns void language sql as $$
    insert into fuzz.violations (invariant, detail) values (invariant, detail);
  $$;

  create function fuzz.linger() returns trigger language plpgsql as $$
  begin
    if random() < 0.03 then perform pg_sleep(random() * 0.03); end if;
    return new;
  end $$;
  create trigger fuzz_linger before insert on eventhub.events for each row execute function fuzz.linger();
  create trigger fuzz_linger before insert or update on eventhub.dispatches for each row execute function fuzz.linger();

  create function fuzz.watch_dispatch() returns trigger language plpgsql as $$
  begin
    if tg_op = 'INSERT' then
      if new.operation_id is not null then insert into fuzz.made (operation_id) values (new.operation_id); end if;
      return null;
    end if;
    if tg_op = 'DELETE' then
      if old.status = 'ongoing' then perform fuzz.violated('retention', format('dispatch %s was deleted while ongoing', old.id)); end if;
      insert into fuzz.removed (id) values (old.id);
      return null;
    end if;
    if old.status <> 'ongoing' and new.status <> old.status then
      perform fuzz.violated('final', format('dispatch %s: %s became %s', old.id, old.status, new.status));
    end if;
    if new.generation < old.generation then
      perform fuzz.violated('generation', format('dispatch %s: %s became %s', old.id, old.generation, new.generation));
    end if;
    if new.attempts not between old.attempts and old.attempts + 1 then
      perform fuzz.violated('counted', format('dispatch %s: attempts went from %s to %s', old.id, old.attempts, new.attempts));
    end if;
    if new.claim is not null and new.claim is distinct from old.claim
      and (old.instance_id <> new.instance_id or old.status <> 'ongoing') then
      perform fuzz.violated('owner', format('dispatch %s, %s, of %s was claimed by %s', old.id, old.status, old.instance_id, new.instance_id));
    end if;
    if old.status = 'ongoing' and new.status = 'cancelled' then
      insert into fuzz.made (operation_id) values (substring(new.reason from 'cancelled by (.*)')::uuid);
    end if;
    return null;
  end $$;
  create trigger fuzz_watch after insert or update or delete on eventhub.dispatches for each row execute function fuzz.watch_dispatch();

  create function fuzz.watch_event() returns trigger language plpgsql as $$
  begin
    if not old.routed and not old.own then perform fuzz.violated('retention', format('event %s was deleted before it was routed', old.id)); end if;
    insert into fuzz.removed (id) values (old.id);
    return null;
  end $$;
  create trigger fuzz_watch after delete on eventhub.events for each row execute function fuzz.watch_event();`;

export async function installWatch(admin: Pool): Promise<void> {
  await admin.query(WATCH);
}

/** Queries that find nothing at any moment, since each statement keeps these invariants by itself. Each returns what is wrong as `detail`. */
const LOOKS: Readonly<Partial<Record<Invariant, string>>> = {
  counted: `
    select format('dispatch %s: %s attempts, %s executions, %s to %s', d.id, d.attempts, x.n, x.first, x.last) as detail
    from eventhub.dispatches d
    left join (select dispatch_id, count(*) as n, min(attempt) as first, max(attempt) as last from eventhub.executions group by 1) x
      on x.dispatch_id = d.id
    where d.attempts <> coalesce(x.n, 0) or x.first <> 1 or x.last <> d.attempts`,
  whole: `
    select format('dispatch %s is ongoing, its event %s', d.id, case when e.id is null then 'is gone' else 'has no payload' end) as detail
    from eventhub.dispatches d left join eventhub.events e on e.id = d.event_id where d.status = 'ongoing' and e.payload is null`,
  key: `
    select format('%s events of key %s, index %s', count(*), idempotency_key, idempotency_index) as detail
    from eventhub.events where idempotency_key is not null group by idempotency_key, idempotency_index having count(*) > 1`,
  retried: `
    select format('dispatch %s was retried %s times', retry_of, count(*)) as detail
    from eventhub.dispatches where retry_of is not null group by retry_of having count(*) > 1`,
  affected: `
    select format('operation %s (%s) says %s, and made %s', o.id, o.action, o.affected, coalesce(m.n, 0)) as detail
    from eventhub.operations o left join (select operation_id, count(*) as n from fuzz.made group by 1) m on m.operation_id = o.id
    where o.action not in ('pause_destination', 'resume_destination', 'pause_key', 'resume_key', 'release_key') and o.affected <> coalesce(m.n, 0)`,
};

/** Takes what the triggers have found, and runs the queries for the rest. */
export async function look(admin: Pool, findings: Findings): Promise<void> {
  const noted = await admin.query<{ invariant: Invariant; detail: string }>(
    "delete from fuzz.violations returning invariant, detail",
  );
  for (const { invariant, detail } of noted.rows) findings.violated(invariant, detail);
  for (const [invariant, text] of Object.entries(LOOKS)) {
    const { rows } = await admin.query<{ detail: string }>(`${text} limit 10`);
    for (const { detail } of rows) findings.violated(invariant as Invariant, detail);
  }
  findings.count("looks at everything");
}

/** The database's own count, which includes deadlocks whose error nobody saw. */
export async function countDeadlocks(admin: Pool): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    "select deadlocks::int as n from pg_stat_database where datname = current_database()",
  );
  return rows[0]?.n ?? 0;
}

/** Removes what nobody asks for any longer: an operation is repeated within seconds, and an answer is looked up at once. */
export async function prune(admin: Pool): Promise<void> {
  await admin.query("delete from fuzz.removed where at < clock_timestamp() - interval '1 minute'");
  await admin.query(`
    with old as (
      delete from eventhub.operations o where o.state = 'finished' and o.updated_at < now() - interval '1 minute'
        and not exists (select from eventhub.dispatches d where d.operation_id = o.id) returning id
    ) delete from fuzz.made m using old where m.operation_id = old.id`);
}
