import { sql } from "drizzle-orm";
import { integer, jsonb, text, timestamp, uuid } from "drizzle-orm/pg-core";
import type { EventPayload } from "./contract.ts";
import { eventhub } from "./tables.ts";

/** The columns of the views over finished dispatches: when, where to, why, with what, and where to look further. */
const columns = {
  resultedAt: timestamp("resulted_at", { withTimezone: true }),
  status: text(),
  destination: text(),
  route: text(),
  attempts: integer(),
  reason: text(),
  dispatchId: uuid("dispatch_id"),
  eventId: uuid("event_id"),
  emittedAt: timestamp("emitted_at", { withTimezone: true }),
  payload: jsonb().$type<EventPayload>(),
  workflow: text(),
  instanceId: text("instance_id"),
};

/** Constants only: a view cannot hold parameters. */
const dispatchesWhere = (condition: string) => sql`
  select d.resulted_at, d.status, d.destination, d.route, d.attempts, d.reason, d.id as dispatch_id, d.event_id,
    e.created_at as emitted_at, e.payload, d.workflow, d.instance_id
  from eventhub.dispatches d join eventhub.events e on e.id = d.event_id
  where ${sql.raw(condition)}`;

/** What failed for good, and why: all retries spent, refused by the consumer, or misconfigured. */
export const failedDispatches = eventhub
  .view("failed_dispatches", columns)
  .as(dispatchesWhere("d.status in ('failed', 'misconfigured')"));

/** What the executor gave up on without the consumer's word. */
export const lostDispatches = eventhub.view("lost_dispatches", columns).as(dispatchesWhere("d.status = 'lost'"));
