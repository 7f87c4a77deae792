-- concurrently
CREATE SEQUENCE "eventhub"."turns" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "eventhub"."flights" (
	"dispatch_id" uuid PRIMARY KEY NOT NULL,
	"destination" text NOT NULL,
	"key" text NOT NULL,
	"order_key" text,
	"claim" uuid NOT NULL,
	"instance_id" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "eventhub"."flow_destinations" (
	"destination" text PRIMARY KEY NOT NULL,
	"vclock" double precision DEFAULT 0 NOT NULL,
	"tat" timestamp with time zone,
	"cool_until" timestamp with time zone,
	"pacer" text,
	"pace_at" timestamp with time zone,
	"started_at" timestamp with time zone,
	"started" integer DEFAULT 0 NOT NULL,
	"under_way" integer DEFAULT 0 NOT NULL,
	"reap_at" timestamp with time zone,
	"override" jsonb,
	"override_until" timestamp with time zone,
	"looked_at" timestamp with time zone,
	"blocked" text,
	"rules" jsonb,
	"rules_at" timestamp with time zone,
	"drain_from" timestamp with time zone,
	"look_again" text,
	"swept_key" text,
	"swept_order" text,
	"pruned_key" text,
	"minute" timestamp with time zone,
	"calls" integer DEFAULT 0 NOT NULL,
	"calls_before" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "flow_destinations_blocked" CHECK (blocked in ('rate', 'concurrency', 'cooldown'))
);
--> statement-breakpoint
CREATE TABLE "eventhub"."flow_keys" (
	"destination" text NOT NULL,
	"key" text NOT NULL,
	"ready" boolean DEFAULT true NOT NULL,
	"vtime" double precision DEFAULT 0 NOT NULL,
	"tat" timestamp with time zone,
	"cool_until" timestamp with time zone,
	"blocked" text,
	"wake_at" timestamp with time zone,
	"paused_at" timestamp with time zone,
	"override" jsonb,
	"override_until" timestamp with time zone,
	"touched_at" timestamp with time zone DEFAULT now() NOT NULL,
	"minute" timestamp with time zone,
	"calls" integer DEFAULT 0 NOT NULL,
	"calls_before" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "flow_keys_destination_key_pk" PRIMARY KEY("destination","key"),
	CONSTRAINT "flow_keys_blocked" CHECK (blocked in ('rate', 'concurrency', 'cooldown'))
);
--> statement-breakpoint
CREATE TABLE "eventhub"."paused_orders" (
	"destination" text NOT NULL,
	"key" text NOT NULL,
	"paused_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"pause_reason" text,
	CONSTRAINT "paused_orders_destination_key_pk" PRIMARY KEY("destination","key")
);
--> statement-breakpoint
ALTER TABLE "eventhub"."dispatches" ADD COLUMN "flow_key" text;--> statement-breakpoint
ALTER TABLE "eventhub"."dispatches" ADD COLUMN "order_key" text;--> statement-breakpoint
ALTER TABLE "eventhub"."dispatches" ADD COLUMN "seq" bigint;--> statement-breakpoint
ALTER TABLE "eventhub"."dispatches" ADD COLUMN "position" bigint;--> statement-breakpoint
ALTER TABLE "eventhub"."dispatches" ADD COLUMN "waiting" boolean;--> statement-breakpoint
ALTER TABLE "eventhub"."dispatches" ADD COLUMN "head" boolean;--> statement-breakpoint
ALTER TABLE "eventhub"."dispatches" ADD COLUMN "held" boolean;--> statement-breakpoint
CREATE INDEX "flights_key" ON "eventhub"."flights" USING btree ("destination","key");--> statement-breakpoint
CREATE INDEX "flights_claim" ON "eventhub"."flights" USING btree ("claim");--> statement-breakpoint
CREATE INDEX "flights_order" ON "eventhub"."flights" USING btree ("destination","order_key");--> statement-breakpoint
CREATE INDEX "flow_keys_ready" ON "eventhub"."flow_keys" USING btree ("destination","vtime","key") WHERE ready;--> statement-breakpoint
CREATE INDEX "flow_keys_wake" ON "eventhub"."flow_keys" USING btree ("destination","wake_at") WHERE wake_at is not null;--> statement-breakpoint
CREATE INDEX "dispatches_flow_waiting" ON "eventhub"."dispatches" USING btree ("destination","flow_key","next_attempt_at") WHERE waiting and status = 'ongoing';--> statement-breakpoint
CREATE INDEX "dispatches_order" ON "eventhub"."dispatches" USING btree ("destination","order_key","seq") WHERE seq is not null and status = 'ongoing';--> statement-breakpoint
CREATE UNIQUE INDEX "dispatches_order_head" ON "eventhub"."dispatches" USING btree ("destination","order_key") WHERE head and status = 'ongoing';--> statement-breakpoint
CREATE INDEX "dispatches_order_held" ON "eventhub"."dispatches" USING btree ("destination","order_key") WHERE held;--> statement-breakpoint
ALTER TABLE "eventhub"."dispatches" ADD CONSTRAINT "dispatches_flow" CHECK (flow_key is not null or (order_key is null and waiting is null));--> statement-breakpoint
ALTER TABLE "eventhub"."dispatches" ADD CONSTRAINT "dispatches_order" CHECK ((order_key is null) = (seq is null));--> statement-breakpoint

COMMENT ON SEQUENCE eventhub.turns IS 'Numbers that give ordered dispatches their order, and the positions that consumers see.';--> statement-breakpoint
COMMENT ON TABLE eventhub.flow_destinations IS 'Destinations with limits or an order, one row each. Whoever admits or records dispatches of a destination locks its row first.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.destination IS 'Its name.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.vclock IS 'The virtual time of the key that was served last.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.tat IS 'When the next call would conform to the rate without any burst (GCRA''s theoretical arrival time).';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.cool_until IS 'No call begins before this moment: the destination asked for a wait.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.pacer IS 'The Workflow instance that looks again at pace_at.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.pace_at IS 'When somebody next looks for what may be called.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.started_at IS 'When Workflow instances were last requested.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.started IS 'How many of them have not started yet.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.under_way IS 'How many calls are in flight: rows of flights.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.reap_at IS 'No lease of a call in flight ends before this moment; null if there is none.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.override IS 'Limits that an operator has set in place of the configured ones.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.override_until IS 'Until when they apply.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.looked_at IS 'When somebody last looked for what may be called.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.blocked IS 'Which of its own limits was reached at that time.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.rules IS 'The limits by which keys were last checked. Changed limits apply at once to everything that waits.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.rules_at IS 'Since when.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.drain_from IS 'As in destinations.drain_from when somebody last looked. When the drain has ended, what it held back is checked again.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.look_again IS 'Keys from this one on still have to be checked again, because limits have changed or a drain has ended; null if none have.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.swept_key IS 'Where reconciling continues to look for keys whose queue message was lost.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.swept_order IS 'The same for keys of an order.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.pruned_key IS 'Where reconciling continues to look for keys that have been idle for long.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.minute IS 'When the minute began to which calls belongs.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.calls IS 'Calls that were admitted in that minute.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_destinations.calls_before IS 'Calls that were admitted in the minute before it.';--> statement-breakpoint
COMMENT ON TABLE eventhub.flow_keys IS 'Keys of destinations with limits that recently had something waiting, and their turns.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.destination IS 'As in dispatches.destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.key IS 'As in dispatches.flow_key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.ready IS 'It waits for nothing but its turn.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.vtime IS 'The key with the lowest value is served next; each call adds 1 divided by the weight.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.tat IS 'As of the destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.cool_until IS 'As of the destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.blocked IS 'Which of its limits makes it wait; null if it waits for a dispatch that is due at wake_at, or has none.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.wake_at IS 'When it is looked at again.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.paused_at IS 'Since when an operator holds it.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.override IS 'Limits that an operator has set for this key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.override_until IS 'Until when they apply.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.touched_at IS 'When it was last served or got something new to wait for. A key that is idle for a day is removed.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.minute IS 'As of the destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.calls IS 'As of the destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flow_keys.calls_before IS 'As of the destination.';--> statement-breakpoint
COMMENT ON TABLE eventhub.paused_orders IS 'Keys of orders that an operator has paused. Nothing with such a key is called until it is resumed.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.paused_orders.destination IS 'As in dispatches.destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.paused_orders.key IS 'As in dispatches.order_key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.paused_orders.paused_at IS 'Since when.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.paused_orders.pause_reason IS 'Why, in the operator''s words.';--> statement-breakpoint
COMMENT ON TABLE eventhub.flights IS 'Calls in flight of destinations with limits or an order. Concurrency counts these rows.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flights.dispatch_id IS 'The dispatch that is being called. Not a foreign key, because retention may remove what a dead instance has left.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flights.destination IS 'As in dispatches.destination.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flights.key IS 'As in dispatches.flow_key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flights.order_key IS 'As in dispatches.order_key: the next dispatch of this key waits until this call has ended.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flights.claim IS 'As in dispatches.claim when it was taken.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flights.instance_id IS 'The Workflow instance that calls.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flights.starts_at IS 'When the call begins, as the rate allows.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.flights.until IS 'When the place is free again at the latest, which is the end of the lease.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.flow_key IS 'The key by which its destination''s limits count it. Empty if the limits have no key or the event has none; null if there are no limits and no order.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.order_key IS 'The key within which dispatches of its destination are called one after the other.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.seq IS 'Its place in that order.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.position IS 'What its consumer sees as context.position. It increases with each called dispatch of a key.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.waiting IS 'It may be called as soon as it is due and the limits allow; false while it is called, and while others of its order are before it.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.head IS 'It is the first of its order.';--> statement-breakpoint
COMMENT ON COLUMN eventhub.dispatches.held IS 'It failed for good, and holds its order until an operator retries or releases it; false if it was released because the order now skips failures.';--> statement-breakpoint

-- Statistics of tables like these are never right: what is called most goes by its indexes, whatever a planner thinks of them, and is planned once a session.
CREATE FUNCTION eventhub.flow_lock(p_destination text, p_ids uuid[] DEFAULT '{}') RETURNS eventhub.flow_destinations LANGUAGE plpgsql VOLATILE AS $$
declare
  f eventhub.flow_destinations;
begin
  select * into f from eventhub.flow_destinations x where x.destination = p_destination for update;
  if not found then
    insert into eventhub.flow_destinations (destination) values (p_destination) on conflict do nothing;
    select * into f from eventhub.flow_destinations x where x.destination = p_destination for update;
  end if;
  perform from eventhub.dispatches d where d.id = any(p_ids) order by d.id for no key update;
  return f;
end $$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.flow_lock IS 'Locks a destination with limits or an order, and then these of its dispatches, by id.';--> statement-breakpoint

CREATE FUNCTION eventhub.flow_wake(p_destination text, p_key text, p_at timestamptz) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
declare
  due boolean := p_at <= clock_timestamp();
  clock float8 := (select x.vclock from eventhub.flow_destinations x where x.destination = p_destination);
begin
  insert into eventhub.flow_keys as k (destination, key, ready, vtime, wake_at)
  values (p_destination, p_key, due, coalesce(clock, 0), case when not due then p_at end)
  on conflict (destination, key) do update set
    ready = due,
    vtime = case when due then greatest(k.vtime, excluded.vtime) else k.vtime end,
    wake_at = case when not due then least(k.wake_at, p_at) end,
    touched_at = now()
  where not k.ready and k.blocked is null and k.paused_at is null and (due or k.wake_at is null or k.wake_at > p_at);
end $$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.flow_wake IS 'Says that a key has a dispatch that is due at a time. What keeps the whole key waiting goes on doing so.';--> statement-breakpoint

CREATE FUNCTION eventhub.flow_ripen(p_destination text, p_orders text[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
declare
  first uuid[];
  k record;
begin
  -- Questions that no planner makes joins of: an order has few rows to look at, a destination many.
  first := array(select (
      select x.id from eventhub.dispatches x
      where x.destination = p_destination and x.order_key = o.key and x.seq is not null and x.status = 'ongoing' order by x.seq limit 1)
    from (select distinct o.key from unnest(p_orders) as o(key)) o
    where (select x.id from eventhub.dispatches x where x.destination = p_destination and x.order_key = o.key and x.head and x.status = 'ongoing' limit 1) is null
      and (select x.id from eventhub.dispatches x where x.destination = p_destination and x.order_key = o.key and x.held
        and (select r.id from eventhub.dispatches r where r.retry_of = x.id limit 1) is null limit 1) is null
      and (select q.key from eventhub.paused_orders q where q.destination = p_destination and q.key = o.key) is null
      -- One that was cancelled may be under way still.
      and (select v.dispatch_id from eventhub.flights v where v.destination = p_destination and v.order_key = o.key limit 1) is null);
  -- But for one that somebody else is about to cancel: he says when he has.
  first := array(select d.id from eventhub.dispatches d where d.id = any(first) order by d.id for no key update skip locked);
  for k in
    with ripened as (
      update eventhub.dispatches d set head = true, waiting = true where d.id = any(first) and d.status || '' = 'ongoing'
      returning d.flow_key, d.next_attempt_at
    ) select r.flow_key, min(r.next_attempt_at) as next_attempt_at from ripened r group by r.flow_key
  loop
    perform eventhub.flow_wake(p_destination, k.flow_key, k.next_attempt_at);
  end loop;
end $$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.flow_ripen IS 'Lets the first of each of these orders be called, if none of it is and none holds it. Under the destination''s lock.';--> statement-breakpoint

CREATE FUNCTION eventhub.flow_unblock(p_destination text, p_keys text[], p_blocks text[] DEFAULT '{concurrency}') RETURNS void LANGUAGE sql VOLATILE AS $$
  update eventhub.flow_keys k set ready = true, blocked = null, wake_at = null,
    vtime = greatest(k.vtime, (select f.vclock from eventhub.flow_destinations f where f.destination = p_destination))
  where k.destination = p_destination and k.key = any(p_keys) and k.blocked = any(p_blocks) and k.paused_at is null;
$$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.flow_unblock IS 'Lets keys go on that waited for a place, or for another of their limits.';--> statement-breakpoint

CREATE FUNCTION eventhub.flow_settle(p_destination text, p_ids uuid[], p_claims uuid[], p_hold boolean) RETURNS void LANGUAGE plpgsql VOLATILE
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
declare
  d record;
  ended integer;
  stopped text[];
begin
  perform eventhub.flow_lock(p_destination, p_ids);
  stopped := array(select q.key from eventhub.paused_orders q where q.destination = p_destination and q.key in (
    select x.order_key from eventhub.dispatches x where x.id = any(p_ids) and x.order_key is not null));
  -- Found by their ids: so written that no planner takes another index for them, which would read all that waits, nor joins them.
  -- Of what goes on, one that another claim has followed stays where it is.
  delete from eventhub.flights v where v.dispatch_id = any(p_ids) and (
    select case when x.status = 'ongoing' then v.claim is distinct from x.claim else v.claim = any(p_claims) or v.until <= clock_timestamp() end
    from eventhub.dispatches x where x.id = v.dispatch_id and x.destination || '' = p_destination);
  get diagnostics ended = row_count;
  for d in
    with freed as (
      -- An order that was paused meanwhile looks for its first anew when it is resumed.
      update eventhub.dispatches x set waiting = x.order_key is null or not (x.order_key = any(stopped)),
        head = case when not (x.order_key = any(stopped)) then x.head end, instance_id = null, workflow = null, claim = null, lease_until = null,
        generation = x.generation + (x.claim is not null)::int
      where x.id = any(p_ids) and x.destination || '' = p_destination and x.status || '' = 'ongoing' and x.waiting is not true
        and (x.order_key is null or x.head) and (select v.dispatch_id from eventhub.flights v where v.dispatch_id = x.id) is null
      returning x.flow_key, x.next_attempt_at, x.waiting
    ) select f.flow_key, min(f.next_attempt_at) as next_attempt_at from freed f where f.waiting group by f.flow_key
  loop
    perform eventhub.flow_wake(p_destination, d.flow_key, d.next_attempt_at);
  end loop;
  update eventhub.dispatches x set head = null, held = case when p_hold and x.status in ('failed', 'misconfigured', 'lost') then true end
  where x.id = any(p_ids) and x.destination || '' = p_destination and x.order_key is not null and x.status || '' <> 'ongoing' and x.head;
  perform eventhub.flow_ripen(p_destination, array(select x.order_key from eventhub.dispatches x
    where x.id = any(p_ids) and x.destination || '' = p_destination and x.order_key is not null and x.status || '' <> 'ongoing'));
  if ended > 0 then update eventhub.flow_destinations x set under_way = x.under_way - ended where x.destination = p_destination; end if;
  perform eventhub.flow_unblock(p_destination, array(select x.flow_key from eventhub.dispatches x where x.id = any(p_ids)));
end $$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.flow_settle IS 'Frees the places of calls that have ended, whatever their dispatches have become, and lets those go on that waited for them. Safe to repeat.';--> statement-breakpoint

CREATE FUNCTION eventhub.flow_reap(p_destination text, p_instance text, p_hold boolean) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
declare
  dead uuid[];
  removed record;
begin
  -- Retention has removed what was called.
  for removed in delete from eventhub.flights x where x.destination = p_destination and x.until <= clock_timestamp()
    and not exists (select from eventhub.dispatches d where d.id = x.dispatch_id) returning x.key, x.order_key
  loop
    if removed.order_key is not null then perform eventhub.flow_ripen(p_destination, array[removed.order_key]); end if;
    perform eventhub.flow_unblock(p_destination, array[removed.key]);
  end loop;
  dead := array(select v.dispatch_id from eventhub.flights v
    where v.destination = p_destination and (v.until <= clock_timestamp() or v.instance_id = p_instance) limit 200);
  dead := array(select d.id from eventhub.dispatches d where d.id = any(dead) order by d.id for no key update skip locked);
  if cardinality(dead) > 0 then
    with gone as (
      delete from eventhub.flights v where v.dispatch_id = any(dead) and (v.until <= clock_timestamp() or v.instance_id = p_instance)
      returning v.dispatch_id, v.claim, v.starts_at
    )
    -- Nobody can have died in a call whose time has not come.
    update eventhub.dispatches d set claims = d.claims - 1 from gone g
    where d.id = g.dispatch_id and d.claim = g.claim and g.starts_at > clock_timestamp() and d.claims > 0 and not d.alone;
    perform eventhub.flow_settle(p_destination, dead, '{}', p_hold);
  end if;
  update eventhub.flow_destinations x set (under_way, reap_at) = (
    select count(*), min(v.until) from eventhub.flights v where v.destination = p_destination)
  where x.destination = p_destination;
  return cardinality(dead);
end $$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.flow_reap IS 'Takes back what was taken by instances that died: when the lease is over, or at once where an instance begins anew.';--> statement-breakpoint

CREATE FUNCTION eventhub.flow_look_again(INOUT f eventhub.flow_destinations, p_rules jsonb, p_drain_from timestamptz) LANGUAGE plpgsql VOLATILE AS $$
declare
  at timestamptz := clock_timestamp();
  keys text[];
begin
  -- During a deployment two kinds of instances have limits each: they do not wake everybody in turn.
  if f.rules is distinct from p_rules and coalesce(f.rules_at < at - interval '10 seconds', true) then
    if f.rules is not null then f.look_again := ''; end if;
    f.rules := p_rules;
    f.rules_at := at;
  elsif f.drain_from is not distinct from p_drain_from and f.look_again is null then
    return;
  end if;
  if f.drain_from is distinct from p_drain_from then
    if f.drain_from is not null then f.look_again := ''; end if;
    f.drain_from := p_drain_from;
  end if;
  if f.look_again is not null then
    -- A part each time, since everybody waits for the lock meanwhile.
    keys := array(select x.key from eventhub.flow_keys x where x.destination = f.destination and x.key >= f.look_again order by x.key limit 1001);
    update eventhub.flow_keys x set ready = true, blocked = null, wake_at = null, vtime = greatest(x.vtime, f.vclock)
    where x.destination = f.destination and x.key = any(keys[:1000]) and not x.ready and x.paused_at is null
      and case when x.blocked is null then exists (select from eventhub.dispatches d where d.destination = f.destination and d.flow_key = x.key
          and d.waiting and d.status = 'ongoing' and d.next_attempt_at <= at)
        else x.blocked in ('rate', 'concurrency') end;
    f.look_again := keys[1001];
  end if;
  update eventhub.flow_destinations x set rules = f.rules, rules_at = f.rules_at, drain_from = f.drain_from, look_again = f.look_again
  where x.destination = f.destination;
end $$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.flow_look_again IS 'Lets other limits of keys than before, and the end of a drain, count at once for what waits: some keys with each look. Under the destination''s lock.';--> statement-breakpoint

CREATE FUNCTION eventhub.flow_take(p_destination text, p_flow jsonb, p_instance text, p_workflow text, p_token uuid, p_under_way integer,
  p_begins boolean, p_budget_seconds float8, p_ahead_seconds float8, p_room integer, p_bytes integer, p_shared_claims integer) RETURNS jsonb LANGUAGE plpgsql VOLATILE
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
declare
  f eventhub.flow_destinations;
  k eventhub.flow_keys;
  d record;
  at timestamptz; this_minute timestamptz;
  ahead interval := make_interval(secs => p_ahead_seconds);
  hold boolean := coalesce((p_flow->>'hold')::boolean, false);
  own jsonb; each jsonb;
  places integer; used integer; key_places integer; key_used integer;
  period interval; slack interval; key_period interval; key_slack interval;
  earliest timestamptz; starts timestamptz;
  held_from timestamptz;
  weight float8; second float8; until timestamptz;
  room integer; n integer := 0; tries integer := 0;
  ids uuid[]; begins timestamptz[]; all_ids uuid[] := '{}'; all_begins timestamptz[] := '{}'; all_keys text[] := '{}'; lone text[] := '{}'; bytes bigint := 0; full_up boolean := false;
  low_vtime float8 := '-infinity'; low_key text := '';
  reached text; next_at timestamptz; more boolean := false; pace boolean := false;
begin
  f := eventhub.flow_lock(p_destination);
  if exists (select from eventhub.flights v where v.claim = p_token) then
    return jsonb_build_object('taken', (select count(*) from eventhub.flights v where v.claim = p_token), 'more', true, 'pace', false);
  end if;
  at := clock_timestamp();
  if p_begins or f.reap_at <= at then
    perform eventhub.flow_reap(p_destination, case when p_begins then p_instance end, hold);
    select x.* into f from eventhub.flow_destinations x where x.destination = p_destination;
  end if;
  if p_begins then f.started := greatest(0, f.started - 1); end if;
  this_minute := date_trunc('minute', at);

  own := p_flow || coalesce(case when f.override_until > at then f.override end, '{}');
  period := make_interval(secs => (own->'rate'->>'perSeconds')::float8 / (own->'rate'->>'limit')::float8);
  select p.* into d from eventhub.paused_destinations(array[p_destination]) p;
  if found then
    -- Only the dispatch by which its breaker probes.
    ids := array(select x.id from eventhub.dispatches x
      where p_room > 0 and x.id = d.probe_dispatch and x.attempts = d.probe_attempt and x.waiting and x.status = 'ongoing' and x.destination = p_destination
      for no key update skip locked);
    update eventhub.flow_destinations x set pacer = nullif(f.pacer, p_instance), started = 0 where x.destination = p_destination;
    if cardinality(ids) > 0 then
      perform eventhub.flow_claim(p_destination, ids, array[at], p_instance, p_workflow, p_token, p_budget_seconds, p_shared_claims);
      -- It waits for no rate, and counts.
      update eventhub.flow_destinations x set tat = greatest(x.tat, at) + period where x.destination = p_destination and period is not null;
      update eventhub.flow_keys x set tat = greatest(x.tat, at)
        + make_interval(secs => (e.each->'rate'->>'perSeconds')::float8 / (e.each->'rate'->>'limit')::float8)
      from (select y.key, coalesce(own->'key', '{}') || coalesce(case when y.override_until > at then y.override end, '{}') as each
        from eventhub.flow_keys y where y.destination = p_destination
          and y.key = (select z.flow_key from eventhub.dispatches z where z.id = ids[1])) e
      where x.destination = p_destination and x.key = e.key and e.each->'rate'->>'limit' is not null;
    end if;
    return jsonb_build_object('taken', cardinality(ids), 'more', false, 'pace', false);
  end if;
  held_from := coalesce((select p.drain_from from eventhub.destinations p where p.name = p_destination), '-infinity');

  places := (own->>'concurrency')::integer;
  slack := period * (coalesce((own->'rate'->>'burst')::float8, 1) - 1);
  used := f.under_way;
  -- No further ahead than the limit of now could have brought it: another one may have been slower. After what that has given its time.
  if f.tat > at + slack + period + ahead then
    f.tat := greatest(at, (select max(v.starts_at) from eventhub.flights v where v.destination = p_destination) + period) + slack;
  end if;
  f := eventhub.flow_look_again(f, coalesce(own->'key', '{}'), nullif(held_from, '-infinity'));
  update eventhub.flow_keys x set ready = true, blocked = null, wake_at = null, vtime = greatest(x.vtime, f.vclock)
  where x.destination = p_destination and x.key in (select y.key from eventhub.flow_keys y
    where y.destination = p_destination and y.wake_at <= at order by y.wake_at limit 1000);

  while n < p_room and tries < 200 loop
    tries := tries + 1;
    if used >= places then reached := 'concurrency'; exit; end if;
    earliest := greatest(at, f.tat - slack, f.cool_until);
    if earliest > at + ahead then
      reached := case when f.cool_until > at + ahead then 'cooldown' else 'rate' end;
      next_at := earliest - ahead / 2;
      exit;
    end if;
    -- A search begins where the last one ended, since a key's turn never comes forward here: what the index still has of keys that are ready no more is
    -- passed once.
    select x.* into k from eventhub.flow_keys x where x.destination = p_destination and x.ready and (x.vtime, x.key) >= (low_vtime, low_key) and x.key <> all(lone)
    order by x.vtime, x.key limit 1;
    exit when not found;
    low_vtime := k.vtime;
    low_key := k.key;
    second := (select x.vtime from eventhub.flow_keys x where x.destination = p_destination and x.ready and (x.vtime, x.key) >= (low_vtime, low_key)
      and x.key <> all(lone) order by x.vtime, x.key offset 1 limit 1);
    each := coalesce(own->'key', '{}') || coalesce(case when k.override_until > at then k.override end, '{}');
    until := case when k.override_until > at then k.override_until end;
    key_places := (each->>'concurrency')::integer;
    key_period := make_interval(secs => (each->'rate'->>'perSeconds')::float8 / (each->'rate'->>'limit')::float8);
    key_slack := key_period * (coalesce((each->'rate'->>'burst')::float8, 1) - 1);
    if k.tat > at + key_slack + key_period + ahead then
      k.tat := greatest(at, (select max(v.starts_at) from eventhub.flights v where v.destination = p_destination and v.key = k.key) + key_period) + key_slack;
    end if;
    weight := greatest(coalesce((each->>'weight')::float8, (each->'weights'->>k.key)::float8, 1), 0.001);
    key_used := case when key_places is not null then (select count(*) from eventhub.flights v where v.destination = p_destination and v.key = k.key)
      + cardinality(array_positions(all_keys, k.key)) else 0 end;
    if key_used >= key_places then
      update eventhub.flow_keys x set ready = false, blocked = 'concurrency',
        wake_at = least(coalesce((select min(v.until) from eventhub.flights v where v.destination = p_destination and v.key = k.key),
          at + make_interval(secs => p_budget_seconds)), until)
      where x.destination = p_destination and x.key = k.key;
      continue;
    end if;
    starts := greatest(earliest, k.tat - key_slack, k.cool_until);
    if starts > at + ahead then
      update eventhub.flow_keys x set ready = false, blocked = case when k.cool_until > at + ahead then 'cooldown' else 'rate' end, wake_at = least(starts - ahead / 2, until)
      where x.destination = p_destination and x.key = k.key;
      continue;
    end if;
    room := least(p_room - n, places - used, key_places - key_used, case when second is null then p_room else greatest(1, ceil(least((second - k.vtime) * weight, 1e6))::integer) end);
    ids := '{}'; begins := '{}';
    for d in select x.id, x.claims, e.payload_bytes from eventhub.dispatches x join eventhub.events e on e.id = x.event_id
      where x.destination = p_destination and x.flow_key = k.key and x.waiting and x.status = 'ongoing'
        and x.next_attempt_at <= at and x.next_attempt_at >= held_from and x.id <> all(all_ids)
      order by x.next_attempt_at limit room for no key update of x skip locked
    loop
      -- One that an executor has died with is called alone: its key stays in line, until an instance has nothing else under way.
      if d.claims >= p_shared_claims and (n > 0 or cardinality(ids) > 0 or p_under_way > 0) then
        lone := lone || k.key;
        exit;
      end if;
      starts := greatest(at, f.tat - slack, k.tat - key_slack, f.cool_until, k.cool_until);
      exit when starts > at + ahead;
      bytes := bytes + d.payload_bytes;
      if bytes > p_bytes and (n > 0 or cardinality(ids) > 0) then full_up := true; exit; end if;
      ids := ids || d.id;
      begins := begins || starts;
      f.tat := greatest(f.tat, starts) + period;
      k.tat := greatest(k.tat, starts) + key_period;
      if d.claims >= p_shared_claims then p_room := 1; end if;
      exit when d.claims >= p_shared_claims;
    end loop;
    exit when cardinality(ids) = 0 and full_up;
    continue when cardinality(ids) = 0 and k.key = any(lone);
    if cardinality(ids) = 0 then
      -- Nothing that is due; or what is due is somebody's for a moment.
      update eventhub.flow_keys x set ready = false, blocked = null, wake_at = case
          when exists (select from eventhub.dispatches y where y.destination = p_destination and y.flow_key = k.key and y.waiting and y.status = 'ongoing'
            and y.next_attempt_at <= at and y.next_attempt_at >= held_from and y.id <> all(all_ids)) then at + interval '250 ms'
          else (select min(y.next_attempt_at) from eventhub.dispatches y where y.destination = p_destination and y.flow_key = k.key and y.waiting
            and y.status = 'ongoing' and y.next_attempt_at > at) end
      where x.destination = p_destination and x.key = k.key;
      continue;
    end if;
    all_ids := all_ids || ids;
    all_begins := all_begins || begins;
    all_keys := all_keys || array_fill(k.key, array[cardinality(ids)]);
    n := n + cardinality(ids);
    used := used + cardinality(ids);
    f.vclock := greatest(f.vclock, k.vtime + (cardinality(ids) - 1) / weight);
    -- By the least that such a number can rise, where it has grown so large that less would be lost.
    update eventhub.flow_keys x set vtime = greatest(k.vtime + cardinality(ids) / weight, k.vtime * (1 + 1e-15)), tat = k.tat, touched_at = now(), minute = this_minute,
      calls = cardinality(ids) + case when x.minute = this_minute then x.calls else 0 end,
      calls_before = case x.minute when this_minute then x.calls_before when this_minute - interval '1 minute' then x.calls else 0 end
    where x.destination = p_destination and x.key = k.key;
    exit when full_up;
  end loop;
  perform eventhub.flow_claim(p_destination, all_ids, all_begins, p_instance, p_workflow, p_token, p_budget_seconds, p_shared_claims);

  more := reached is null and (f.look_again is not null
    or exists (select from eventhub.flow_keys x where x.destination = p_destination and x.ready and (x.vtime, x.key) >= (low_vtime, low_key)
      and x.key <> all(lone)));
  if reached = 'concurrency' then next_at := (select min(v.until) from eventhub.flights v where v.destination = p_destination); end if;
  if reached is null and not more then
    next_at := (select min(x.wake_at) from eventhub.flow_keys x where x.destination = p_destination and x.wake_at is not null);
  end if;
  if f.override_until > at then next_at := least(next_at, f.override_until); end if;
  -- Whoever would end with nothing to do stays, if nobody looks again in time; he may be the one that was asked for, early by his clock.
  if n = 0 and p_under_way = 0 and next_at is not null and not more
    and (coalesce(f.pacer, '') in ('', p_instance) or f.pace_at <= at + interval '1 second' or next_at < f.pace_at - interval '250 ms') then
    pace := true;
    f.pacer := p_instance;
    f.pace_at := next_at;
  end if;
  if n = 0 and not more and not pace and f.pacer = p_instance then f.pacer := null; end if;
  -- Whoever has been asked for has come, and ends or waits: what comes now is for others.
  if n = 0 and p_under_way = 0 and not more then f.started := 0; end if;
  update eventhub.flow_destinations x set vclock = f.vclock, tat = f.tat, pacer = f.pacer, pace_at = f.pace_at, started = f.started, looked_at = at, blocked = reached,
    minute = this_minute, calls = n + case when x.minute = this_minute then x.calls else 0 end,
    calls_before = case x.minute when this_minute then x.calls_before when this_minute - interval '1 minute' then x.calls else 0 end
  where x.destination = p_destination;
  return jsonb_build_object('taken', n, 'more', more, 'pace', pace, 'blocked', reached,
    'nextMs', ceil(extract(epoch from next_at - clock_timestamp()) * 1000));
end $$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.flow_take IS 'Takes what may be called next of a destination with limits or an order, in turn by keys, for a Workflow instance; says when to look again.';--> statement-breakpoint

CREATE FUNCTION eventhub.flow_claim(p_destination text, p_ids uuid[], p_begins timestamptz[], p_instance text, p_workflow text, p_token uuid,
  p_budget_seconds float8, p_shared_claims integer) RETURNS void LANGUAGE sql VOLATILE AS $$
  with taken as (
    -- That the call of one which is alone has begun is said by whoever calls: a claim is no death.
    update eventhub.dispatches d set waiting = false, claim = p_token, claims = least(d.claims + 1, greatest(d.claims, p_shared_claims)),
      alone = d.claims >= p_shared_claims, instance_id = p_instance, workflow = p_workflow,
      lease_until = clock_timestamp() + make_interval(secs => d.timeout_seconds + p_budget_seconds), enqueues = 1, nudges = 0, missing_since = null,
      position = case when d.seq is not null then coalesce(d.position, nextval('eventhub.turns')) end
    from unnest(p_ids, p_begins) as m(id, begins)
    where d.id = m.id
    returning d.id, d.flow_key, d.order_key, d.lease_until, m.begins
  ), counted as (
    update eventhub.flow_destinations x set under_way = x.under_way + t.taken - t.followed, reap_at = least(x.reap_at, t.ends)
    from (select count(*) as taken, min(t.lease_until) as ends,
      (select count(*) from eventhub.flights v join taken on taken.id = v.dispatch_id) as followed from taken t) t
    where x.destination = p_destination and t.taken > 0
  )
  insert into eventhub.flights (dispatch_id, destination, key, order_key, claim, instance_id, starts_at, until)
  select t.id, p_destination, t.flow_key, t.order_key, p_token, p_instance, t.begins, t.lease_until from taken t
  on conflict (dispatch_id) do update set claim = excluded.claim, instance_id = excluded.instance_id, starts_at = excluded.starts_at, until = excluded.until;
$$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.flow_claim IS 'Claims dispatches that may be called, which are locked.';--> statement-breakpoint

CREATE FUNCTION eventhub.flow_arrive(p_destination text, p_ids uuid[], p_flow jsonb, p_size integer, p_most integer, p_at_once integer, p_full boolean) RETURNS jsonb LANGUAGE plpgsql VOLATILE
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
declare
  f eventhub.flow_destinations;
  k record;
  at timestamptz;
  own jsonb;
  period interval; slack interval; earliest timestamptz;
  due integer := 0; places integer; room integer; asked integer; wanted integer; next_at timestamptz;
begin
  f := eventhub.flow_lock(p_destination);
  if f.reap_at <= clock_timestamp() then
    perform eventhub.flow_reap(p_destination, null, coalesce((p_flow->>'hold')::boolean, false));
    select x.* into f from eventhub.flow_destinations x where x.destination = p_destination;
  end if;
  perform eventhub.flow_ripen(p_destination, array(select d.order_key from eventhub.dispatches d
    where d.id = any(p_ids) and d.destination || '' = p_destination and d.order_key is not null));
  for k in select d.flow_key, min(d.next_attempt_at) as next_attempt_at from eventhub.dispatches d
    where d.id = any(p_ids) and d.destination || '' = p_destination and d.waiting and d.status || '' = 'ongoing' group by d.flow_key
  loop
    perform eventhub.flow_wake(p_destination, k.flow_key, k.next_attempt_at);
  end loop;
  at := clock_timestamp();
  if exists (select from eventhub.destinations p where p.name = p_destination and p.paused_at is not null) then
    -- Its breaker's probe is for whoever looks.
    return jsonb_build_object('dueInMs', 0, 'wanted', (select count(*) from eventhub.destinations p join eventhub.dispatches d on d.id = p.probe_dispatch
      where p.name = p_destination and d.status || '' = 'ongoing' and d.waiting and d.attempts = p.probe_attempt and d.id = any(p_ids)));
  end if;

  asked := case when f.started_at > at - interval '1 second' then f.started else 0 end;
  -- Somebody is about to look; or as many are at work as may be.
  if (not p_full and (asked > 0 or (f.under_way > 0 and f.looked_at > at - interval '100 ms')))
    or (p_full and asked * p_size >= f.under_way) or f.under_way + asked * p_size >= p_size * p_most then
    return jsonb_build_object('wanted', 0, 'dueInMs', null);
  end if;
  own := p_flow || coalesce(case when f.override_until > at then f.override end, '{}');
  -- By which limits keys were looked at is first said by whoever takes.
  f := eventhub.flow_look_again(f, case when f.rules is not null then coalesce(own->'key', '{}') end,
    (select p.drain_from from eventhub.destinations p where p.name = p_destination));
  -- What may be called now, as far as somebody can be asked to: by the keys whose turn is near.
  select count(*) into due from (
    select from (
      (select x.key from eventhub.flow_keys x where x.destination = p_destination and x.ready order by x.vtime, x.key limit p_size * p_at_once)
      union all
      (select x.key from eventhub.flow_keys x where x.destination = p_destination and x.wake_at <= at order by x.wake_at limit p_size * p_at_once)
    ) near cross join lateral (
      select from eventhub.dispatches d where d.destination = p_destination and d.flow_key = near.key and d.waiting and d.status = 'ongoing'
        and d.next_attempt_at <= at limit coalesce((own->'key'->>'concurrency')::integer, p_size * p_at_once)) d
    limit p_size * p_at_once) x;
  places := (own->>'concurrency')::integer;
  period := make_interval(secs => (own->'rate'->>'perSeconds')::float8 / (own->'rate'->>'limit')::float8);
  slack := period * (coalesce((own->'rate'->>'burst')::float8, 1) - 1);
  if f.tat > at + slack + period + interval '1 second' then f.tat := at + slack; end if; -- as in flow_take
  earliest := greatest(f.cool_until, f.tat - slack);
  room := least(places - f.under_way, case when earliest > at + interval '1 second' then 0
    else 1 + floor(extract(epoch from at + interval '1 second' - (greatest(at, f.tat) - slack)) / nullif(extract(epoch from period), 0))::integer end);
  wanted := greatest(0, least(case when p_full then 1 else p_at_once end, ceil(least(due, room) / p_size::float8)::integer));
  if wanted > 0 then
    update eventhub.flow_destinations x set started_at = at, started = wanted + asked
    where x.destination = p_destination;
    return jsonb_build_object('wanted', wanted, 'dueInMs', 0);
  end if;
  -- Not on an instance whose calls take long: it may take nothing more in its step, or is dead.
  if p_full or (f.under_way > 0 and f.looked_at > at - interval '2 seconds') then return jsonb_build_object('wanted', 0, 'dueInMs', null); end if;
  -- Nobody is at work: somebody has to look again when there is something.
  next_at := case when due = 0 then (select min(x.wake_at) from eventhub.flow_keys x where x.destination = p_destination and x.wake_at is not null)
    when f.under_way >= places then (select min(v.until) from eventhub.flights v where v.destination = p_destination)
    when earliest > at + interval '1 second' then earliest - interval '500 ms'
    else at + interval '1 second' end;
  if f.override_until > at then next_at := least(next_at, f.override_until); end if;
  if next_at is null or (f.pacer is not null and f.pace_at > at - interval '10 seconds' and f.pace_at <= next_at + interval '250 ms') then
    return jsonb_build_object('wanted', 0, 'dueInMs', null);
  end if;
  update eventhub.flow_destinations x set pacer = '', pace_at = next_at where x.destination = p_destination;
  return jsonb_build_object('wanted', 1, 'dueInMs', greatest(0, ceil(extract(epoch from next_at - at) * 1000)));
end $$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.flow_arrive IS 'Tells that dispatches of a destination with limits or an order are there, or are done with; says how many Workflow instances are wanted, and when.';--> statement-breakpoint

CREATE FUNCTION eventhub.flow_sweep(p_destination text, p_grace_seconds float8, p_keys integer) RETURNS uuid[] LANGUAGE plpgsql VOLATILE
  SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
declare
  f eventhub.flow_destinations;
  recent uuid[]; keyed uuid[]; ordered uuid[];
  last_key text; last_order text; known text[];
begin
  f := eventhub.flow_lock(p_destination);
  -- What was emitted of late, mostly.
  recent := array(select d.id from (
      select x.id, x.destination, x.flow_key from eventhub.dispatches x
      where x.status = 'ongoing' and x.id >= eventhub.uuid_at(now() - make_interval(secs => p_grace_seconds * 10))
        and x.id < eventhub.uuid_at(now() - make_interval(secs => p_grace_seconds))
      order by x.id desc limit 20 * p_keys
    ) d where d.destination = p_destination and d.flow_key is not null limit p_keys);
  -- And key by key, a part of them each time.
  with recursive keys(key, id) as (
    (select d.flow_key, d.id from eventhub.dispatches d
      where d.destination = p_destination and d.waiting and d.status = 'ongoing' and d.flow_key > coalesce(f.swept_key, '') order by d.flow_key, d.next_attempt_at limit 1)
    union all
    select x.* from keys k cross join lateral (select d.flow_key, d.id from eventhub.dispatches d
      where d.destination = p_destination and d.waiting and d.status = 'ongoing' and d.flow_key > k.key order by d.flow_key, d.next_attempt_at limit 1) x
  ) select array_agg(x.id), max(x.key) into keyed, last_key from (select * from keys limit p_keys) x;
  keyed := keyed || array(select d.id from eventhub.dispatches d
    where d.destination = p_destination and d.flow_key = '' and d.waiting and d.status = 'ongoing' order by d.next_attempt_at limit 1);
  with recursive orders(key, id) as (
    (select d.order_key, d.id from eventhub.dispatches d
      where d.destination = p_destination and d.seq is not null and d.status = 'ongoing' and d.order_key >= coalesce(f.swept_order, '') order by d.order_key, d.seq limit 1)
    union all
    select x.* from orders k cross join lateral (select d.order_key, d.id from eventhub.dispatches d
      where d.destination = p_destination and d.seq is not null and d.status = 'ongoing' and d.order_key > k.key order by d.order_key, d.seq limit 1) x
  ) select array_agg(x.id), max(x.key) into ordered, last_order from (select * from orders limit p_keys) x;
  known := array(select k.key from eventhub.flow_keys k where k.destination = p_destination and k.key >= coalesce(f.pruned_key, '')
    order by k.key limit 4 * p_keys + 1);
  -- What is counted is counted again, should it ever be wrong.
  update eventhub.flow_destinations x set swept_key = case when cardinality(keyed) >= p_keys then last_key end,
    swept_order = case when cardinality(ordered) >= p_keys then last_order end, pruned_key = known[4 * p_keys + 1],
    under_way = (select count(*) from eventhub.flights v where v.destination = p_destination),
    reap_at = (select min(v.until) from eventhub.flights v where v.destination = p_destination)
  where x.destination = p_destination;
  delete from eventhub.flow_keys k where k.destination = p_destination and k.key = any(known[:4 * p_keys]) and not k.ready and k.wake_at is null and k.paused_at is null and k.override is null
    and k.touched_at < now() - interval '1 day' and coalesce(greatest(k.tat, k.cool_until) <= now(), true);
  return recent || keyed || ordered;
end $$;--> statement-breakpoint
COMMENT ON FUNCTION eventhub.flow_sweep IS 'Dispatches that may wait without anybody knowing, since a queue message was lost: for flow_arrive. Goes on where it ended the last time.';--> statement-breakpoint

-- As before, and what holds its order stays until somebody has seen to it.
CREATE OR REPLACE FUNCTION eventhub.expire_rows(age interval, batch integer DEFAULT 1000) RETURNS integer LANGUAGE plpgsql AS $$
declare
  old uuid[];
  done integer;
begin
  select array_agg(found.id) into old from (
    select e.id from eventhub.events e
    where e.routed and e.id < eventhub.uuid_at(now() - age + interval '1 hour') and e.created_at < now() - age
      and not exists (select from eventhub.dispatches d
        where d.event_id = e.id and (d.status = 'ongoing' or d.resulted_at > now() - age
          or (d.held and not exists (select from eventhub.dispatches r where r.retry_of = d.id))))
    order by e.id limit batch for update skip locked) found;
  select array_agg(e.id) into old from eventhub.events e
  where e.id = any(old) and not exists (select from eventhub.dispatches d
    where d.event_id = e.id and (d.status = 'ongoing' or d.resulted_at > now() - age
      or (d.held and not exists (select from eventhub.dispatches r where r.retry_of = d.id))));
  perform from eventhub.dispatches d where d.event_id = any(old) order by d.id for update;
  delete from eventhub.executions x using eventhub.dispatches d where d.event_id = any(old) and x.dispatch_id = d.id;
  delete from eventhub.dispatches d where d.event_id = any(old);
  delete from eventhub.events e where e.id = any(old);
  get diagnostics done = row_count;
  return done;
end $$;
