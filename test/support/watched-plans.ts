import type { TestDatabase } from "./database.ts";
import type { Plan } from "./query-plans.ts";

/** The number of rows: all with one key, or with keys of ten rows each, or in orders. */
const ROWS = 20_000;

/** Fills destinations like those of a busy hub: ONE key, MANY keys, and an ORDER. */
export async function insertMany(database: TestDatabase): Promise<void> {
  await database.query(
    `with event as (insert into eventhub.events (id, payload, payload_bytes) select eventhub.new_id(), '{"a":1}', 7 from generate_series(1, ${ROWS}) returning id),
       numbered as (select id, row_number() over () as n from event)
     insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, flow_key, order_key, seq, waiting, head, next_attempt_at)
     select overlay(eventhub.new_id()::text placing left(eventhub.uuid_at(now() - interval '2 minutes')::text, 13) from 1 for 13)::uuid, id, d.name, 'r', 0, '{"type":"constant","interval":0}', 30,
       case d.name when 'MANY' then 'key ' || n / 10 else '' end, case d.name when 'ORDER' then 'key ' || n % 1000 end,
       case d.name when 'ORDER' then nextval('eventhub.turns') end, d.name <> 'ORDER' or n <= 1000, case when d.name = 'ORDER' and n <= 1000 then true end,
       now() - interval '1 hour' + n * interval '1 microsecond'
     from numbered cross join (values ('ONE'), ('MANY'), ('ORDER')) d(name)`,
  );
  await database.query(
    `insert into eventhub.flow_keys (destination, key, ready) select distinct destination, flow_key, true from eventhub.dispatches where waiting`,
  );
  await database.query(`insert into eventhub.flow_destinations (destination) values ('ONE'), ('MANY'), ('ORDER')`);
}

/** One way in which a statement read a table, and the most rows that it read at once. */
export interface Way {
  way: string;
  rows: number;
  /** How often a page was looked at, in all statements together: also for what the index still has of rows that are gone. */
  pages: number;
}

/**
 * Runs a statement with `auto_explain`, which also covers the functions inside it, and rolls it back.
 *
 * @returns Each way in which tables were read or sorted, with the most rows that one statement read or sorted in that way.
 */
export async function watched(
  database: TestDatabase,
  statement: string,
  params: readonly unknown[] = [],
): Promise<Way[]> {
  const client = await database.pool.connect();
  const plans: Plan[] = [];
  const hear = ({ message }: { message?: string | undefined }) => {
    const at = message?.indexOf("{") ?? -1;
    if (message?.startsWith("duration:") && at >= 0) plans.push((JSON.parse(message.slice(at)) as { Plan: Plan }).Plan);
  };
  client.on("notice", hear);
  try {
    await client.query("load 'auto_explain'");
    const settings = {
      log_min_duration: "0",
      log_nested_statements: "on",
      log_analyze: "on",
      log_timing: "off",
      log_buffers: "on",
      log_format: "json",
    };
    for (const [name, value] of Object.entries(settings)) await client.query(`set auto_explain.${name} = ${value}`);
    await client.query("set client_min_messages = log");
    await client.query("begin");
    await client.query(statement, [...params]);
    await client.query("rollback");
  } finally {
    client.off("notice", hear);
    client.release(true);
  }
  return summary(plans);
}

function summary(plans: readonly Plan[]): Way[] {
  const most = new Map<string, Way>();
  for (const plan of plans) {
    for (const [way, some] of Map.groupBy(ways(plan), ({ way }) => way)) {
      const { rows, pages } = most.get(way) ?? { rows: 0, pages: 0 };
      const own = some.reduce((sum, one) => sum + one.rows, 0);
      most.set(way, { way, rows: Math.max(rows, own), pages: some.reduce((sum, one) => sum + one.pages, pages) });
    }
  }
  return [...most.values()].sort((one, other) => (one.way < other.way ? -1 : 1));
}

function ways(node: Plan): Way[] {
  const {
    "Node Type": type,
    "Relation Name": table,
    "Index Name": index,
    "Actual Loops": loops = 1,
    Plans = [],
  } = node;
  const read =
    (node["Actual Rows"] ?? 0) + (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
  const rows = Math.round(read * loops);
  const pages = (node["Shared Hit Blocks"] ?? 0) + (node["Shared Read Blocks"] ?? 0);
  const below = Plans.flatMap(ways);
  if (type.includes("Sort")) return [{ way: "a sort", rows, pages }, ...below];
  if (!type.includes("Scan") || table === undefined) return below;
  return [{ way: `${table} by ${index ?? type}`, rows, pages }, ...below];
}
