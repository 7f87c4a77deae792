import type { Client } from "pg";

/** The kind of answer that somebody waits for. */
export type PageKind = keyof typeof LIMITS;

/** How long an operator should wait at most, in milliseconds: in the server, and until the page answers to a person. */
export const LIMITS = {
  /** Anything that an index or a bounded look answers. */
  page: { serverMs: 300, interactiveMs: 1_000 },
  /** A search without an index: the first answer says how far it is, and the page continues by itself. */
  search: { serverMs: 600, interactiveMs: 1_000 },
  /** A preview counts for up to five seconds, so that its button tells the final number. */
  preview: { serverMs: 5_500, interactiveMs: 6_000 },
  /** A file of up to 10,000 rows is read completely before any of it is sent. */
  file: { serverMs: 4_000, interactiveMs: Number.POSITIVE_INFINITY },
} as const satisfies Record<string, { serverMs: number; interactiveMs: number }>;

/** A page of the console. */
export interface PageAsked {
  path: string;
  kind: PageKind;
}

/** Ids and values that exist. */
export interface Known {
  id: string;
  event: string;
  /** Another event. */
  other: string;
  key: string;
  order: string;
  customer: string;
  note: string;
}

const KNOWN = `
  select d.id, d.event_id as event, (select o.id from eventhub.events o where o.id <> d.event_id order by o.id desc limit 1) as other, k.idempotency_key as key, e.payload ->> 'id' as order, e.payload -> 'customer' ->> 'id' as customer,
    e.payload -> 'items' -> 0 ->> 'note' as note
  from (select * from eventhub.dispatches where status = 'failed' order by id desc limit 1) d join eventhub.events e on e.id = d.event_id,
    (select idempotency_key from eventhub.events where idempotency_key is not null order by id limit 1) k`;

/** Finds the values that {@link pagesOf} needs, in the history of `seed`. */
export async function findKnown(client: Client): Promise<Known> {
  const { rows } = await client.query<Known>(KNOWN);
  const [known] = rows;
  if (known === undefined) throw new Error("nothing in the history has failed");
  return known;
}

/** Every page, list, filter and file of the console. The payload values that it searches for are old, or do not exist. */
export function pagesOf({ id, event, other, key, order, customer, note }: Known): PageAsked[] {
  const [day, hour] = [moment(3 * 86_400), moment(3 * 86_400 - 3_600)];
  return [
    ...as("page", [
      "/",
      "/?period=7d",
      "/?period=30d",
      "/figures",
      "/figures?period=1h",
      "/figures?period=7d",
      "/figures?period=30d",
      "/figures?period=30d&destination=ANALYTICS",
      `/figures?from=${day}&to=${hour}`,
      "/deployment",
      "/destinations",
      "/destinations?idle=yes",
      "/destinations/BILLING",
      "/destinations/ANALYTICS",
      `/destinations/ANALYTICS?from=${day}&to=${hour}`,
      "/dispatches",
      "/dispatches?order=oldest",
      "/dispatches?status=failed",
      "/dispatches?status=failed&status=misconfigured&status=lost",
      "/dispatches?status=complete",
      "/dispatches?status=ongoing",
      "/dispatches?status=lost&order=oldest",
      "/dispatches?status=ignored&destination=BILLING",
      "/dispatches?status=failed&destination=BILLING",
      "/dispatches?status=cancelled&destination=ARCHIVE",
      "/dispatches?destination=NOSUCH",
      "/dispatches?overdue=yes",
      "/dispatches?route=route-7",
      "/dispatches?reason=upstream",
      "/dispatches?retried=no&status=failed",
      "/dispatches?period=1h",
      "/dispatches?period=24h&of=finished",
      `/dispatches?from=${day}&to=${hour}`,
      `/dispatches?from=${day}&to=${hour}&status=failed`,
      `/dispatches?from=${day}&to=${hour}&destination=ANALYTICS`,
      `/dispatches?event=${event}`,
      `/dispatches?key=${key}`,
      "/dispatches?key=nowhere",
      "/dispatches?trace=0af7651916cd43dd8448eb211c80319c",
      "/dispatches?columns=id.destination.values.payload",
      `/dispatches?path=$.id&equals=${order}`,
      "/dispatches?path=$.customer.id&equals=nobody",
      `/dispatches?ids=${id}+${event}`,
      `/dispatches/${id}`,
      `/dispatches/${id}/compare`,
      "/events",
      "/events?order=oldest",
      "/events?period=24h",
      `/events?from=${day}&to=${hour}`,
      `/events?key=${key}`,
      "/events?key=nowhere",
      "/events?matched=yes",
      "/events?invalid=yes",
      "/events?invalid=no",
      "/events?trace=0af7651916cd43dd8448eb211c80319c",
      `/events?path=$.id&equals=${order}`,
      `/events?path=$.customer.id&equals=${customer}`,
      "/events?path=$.customer.id&equals=nobody",
      "/events?path=$.kind&equals=order.paid",
      `/events/${event}`,
      "/events/kinds",
      `/events/compare?ids=${event}&ids=${other}`,
      "/live",
      "/live?status=failed&destination=BILLING",
      "/live?path=$.kind&equals=order.paid",
      "/emit",
      `/emit?event=${event}`,
      "/routes",
      "/routes/route-7",
      "/figures?destination=BILLING&route=route-7",
      `/routes?event=${event}`,
      "/retention",
      "/operations",
      `/search?q=${id}`,
      `/search?q=${event}`,
      `/search?q=order+${order}+never+arrived`,
      `/search?q=${customer}`,
      `/search?q=${key}`,
      "/search?q=upstream+overloaded",
      "/search?q=nowhere-17",
    ]),
    ...as("search", [
      "/dispatches?route=nowhere",
      "/dispatches?reason=nowhere",
      "/dispatches?reason=nowhere&status=failed",
      "/dispatches?any-key=nowhere",
      "/dispatches?flow-key=nowhere",
      "/dispatches?order-key=nowhere",
      "/dispatches?invalid=yes",
      "/dispatches?retried=yes",
      `/dispatches?of=finished&from=${day}&to=${hour}`,
      `/dispatches?path=$.items[0].note&equals=${note}`,
      "/dispatches?path=$.items[0].note&equals=nowhere",
      "/dispatches?path=$.items[0].note&equals=nowhere&destination=BILLING&status=failed",
      "/events?matched=no",
      `/events?path=$.items[0].note&equals=${note}`,
      "/events?path=$.items[0].note&equals=nowhere",
    ]),
    ...as("preview", [
      "/dispatches/retry?status=failed&destination=BILLING",
      "/dispatches/retry?reason=upstream",
      "/dispatches/retry",
      "/dispatches/cancel",
      "/dispatches/cancel?status=ongoing&destination=ARCHIVE",
      `/events/replay?ids=${event}`,
      "/events/replay?period=1h",
      "/events/replay?period=7d",
    ]),
    ...as("file", [
      `/events/${event}/payload`,
      `/events/${event}/as/curl`,
      "/events.csv",
      "/events.json?period=24h",
      "/dispatches.csv?status=failed",
      "/dispatches.json",
      "/operations.csv",
      "/operations.json",
      "/stats.csv?period=24h",
      "/destinations.csv",
      "/stats.json?period=30d",
    ]),
  ];
}

/** The pages to see once bulk work has begun: its operation, and the lists that contain it. */
export const pagesAfter = (operation: string): PageAsked[] =>
  as("page", [
    "/",
    "/operations",
    `/operations/${operation}`,
    `/dispatches?operation=${operation}`,
    `/dispatches?operation=${operation}&status=ongoing`,
    "/dispatches?retried=yes&status=failed",
    "/destinations/BILLING",
    `/search?q=${operation}`,
  ]);

const as = (kind: PageKind, paths: readonly string[]): PageAsked[] => paths.map((path) => ({ path, kind }));

/** The time this many seconds ago, as a field of a form has it. */
const moment = (seconds: number): string => new Date(Date.now() - seconds * 1_000).toISOString().slice(0, 16);
