import type { Client } from "pg";
import { migrate } from "../../../infra/cli/migrate/migrate.ts";
import { seed } from "../../../infra/cli/seed.ts";

/** The length of the history, in days. */
const DAYS = 7;

/** The paths with an index: the number of an order, and a customer. */
export const INDEXED = ["$.id", "$.customer.id"];

/** Events per statement. */
const BATCH = 500_000;

/** What was made, and how long its parts took, in seconds. */
export interface Made {
  dispatches: number;
  events: number;
  /** How long it took to build the indexes of {@link INDEXED}, one after the other. */
  indexSeconds: number;
}

/** Makes the history of a hub: dispatches of a week, the requested number of bare events before them, and indexes of payloads. */
export async function makeHistory(
  client: Client,
  url: string,
  wanted: { dispatches: number; olderEvents: number },
): Promise<Made> {
  const say = (text: string) => console.error(text);
  const dispatches = await seed({
    url,
    dispatches: wanted.dispatches,
    days: DAYS,
    onProgress: (n) => say(`${n} dispatches`),
  });
  for (let done = 0; done < wanted.olderEvents; done += BATCH) {
    await client.query(OLDER_EVENTS, [done, Math.min(BATCH, wanted.olderEvents - done)]);
    say(`${Math.min(done + BATCH, wanted.olderEvents)} older events`);
  }
  if (wanted.olderEvents > 0) await client.query("vacuum (analyze) eventhub.events");
  const began = performance.now();
  await migrate(url, { indexes: { paths: INDEXED, dropOthers: false } });
  const indexSeconds = (performance.now() - began) / 1_000;
  const { rows } = await client.query<{ events: number }>("select count(*)::int as events from eventhub.events");
  return { dispatches, events: rows[0]?.events ?? 0, indexSeconds };
}

/** Events of a month that ended a month ago: `$2` events from the `$1`-th on, numbered from a billion on. */
const OLDER_EVENTS = `
  insert into eventhub.events (id, payload, payload_bytes, created_at)
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid,
    jsonb_build_object('kind', 'order.paid', 'id', 1000000000 + n, 'customer', jsonb_build_object('id', 'c-' || n % 1000000)), 70, at
  from (
    select n, now() - interval '60 days' + make_interval(secs => (n % 25920000) / 10.0) as at from generate_series($1::int, $1::int + $2::int - 1) n
  ) made`;
