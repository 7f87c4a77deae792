import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { initCommand } from "../../infra/cli/init/command.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { beginRun, endRun } from "../../schema/queries/setup/beat.ts";
import { noteIncident } from "../../workers/hub/operator/note-incident.ts";
import { retryDispatches } from "../../workers/hub/operator/retry.ts";
import { tick } from "../../workers/hub/operator/tick.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import type { TestDatabase } from "./database.ts";
import { arrived, insertWaiting, nth, Puller } from "./flow-database.ts";
import { insertHistory, operatorOn, type Past } from "./history.ts";
import { TRACE } from "./page-calls.ts";
import { PAGES } from "./pages.ts";
import { type Files, ProjectDirectory } from "./project-directory.ts";
import { ran } from "./run-here.ts";

const ORDER = {
  kind: "order.paid",
  id: "o-17",
  total: 1200,
  currency: "EUR",
  order: { id: 17 },
  customer: { id: "cust-17" },
};

const definition = (required: readonly string[]) => ({
  "order.paid": { schema: { type: "object", properties: { id: { type: "string" } }, required } },
});

const routing = (name: string) => ({
  indexes: ["$.order.id"],
  destinations: { BILLING: { kind: "worker", limits: [{ key: "$.customer.id", concurrency: 2 }] } },
  routes: [{ name, destination: "BILLING", condition: { path: "$.kind", exact: "order.paid" } }],
});
const ROUTING = routing("paid-orders");
const DEFINED = { ...ROUTING, events: definition(["id"]) };
const EARLIER = { ...routing("orders"), events: definition([]) };

const [, EVENTS = ""] = /```ts\n(.*?)```/s.exec(PAGES.get("workers/hub/events/README.md") ?? "") ?? [];

/** The files that the pages name; the definition of events is the page's own. */
const FILES: Files = {
  "eventhub/routing.json": DEFINED,
  "eventhub/events.ts": EVENTS,
  "routing.json": ROUTING,
  "new.json": ROUTING,
  "old.json": EARLIER,
  "deployed.json": EARLIER,
  "order.json": ORDER,
  "payload.json": ORDER,
};

/** A project that `init` has written, with the files that the pages name. It is the home of its shell, too. */
export async function createPageProject(): Promise<ProjectDirectory> {
  const project = new ProjectDirectory().linkPackages();
  mkdirSync(join(project.root, ".config", "fish", "completions"), { recursive: true });
  await ran(() => initCommand({ yes: true, root: project.root }));
  project.write(FILES);
  return project;
}

/** What happened in the shop whose operators type the pages' commands. */
export class PageShop {
  readonly #stored: TestDatabase;

  constructor(stored: TestDatabase) {
    this.#stored = stored;
  }

  /** The hub runs; it has failures of some hours and days, events that no route took, and notes of an operator. */
  async open(): Promise<void> {
    const [failed] = await insertHistory(this.#stored, [
      past("failed", { idempotencyKey: "order-17-paid" }),
      past("lost"),
      past("misconfigured"),
      past("complete", { attempts: 1 }),
      past("failed", { at: new Date(Date.now() - 36 * 3_600_000) }),
      // After the moment that the page on backups names, whatever the clock here says.
      past("complete", { at: new Date("2026-11-30T09:00Z") }),
    ]);
    await this.#stored.query(
      `insert into eventhub.events (id, payload, payload_bytes) values (eventhub.new_id(), '{"kind":"order.odd"}', 20)`,
    );
    await this.#stored.query("update eventhub.events set traceparent = $1 where id = $2", [
      `00-${TRACE}-00f067aa0ba902b7-01`,
      failed?.eventId,
    ]);
    await noteIncident(operatorOn(this.#stored, { actor: "ada@example.com" }), failed?.id, "ticket 4711", {});
    await this.#arrive({}, { key: "cust-17" });
    await this.refuse();
    await openDatabase(this.#stored).transaction([
      beginRun("executor", { configuration: undefined, nextSeconds: 60, sleeps: false }),
      endRun("executor", { tookMs: 5, found: {} }),
    ]);
  }

  /** An event that is not as defined; the hub's tick marks it. */
  async refuse(): Promise<void> {
    await this.#stored.query(`select eventhub.emit('{"kind":"order.paid"}')`);
    const routes = compileRoutes(DEFINED);
    await tick(operatorOn(this.#stored, { routes: () => routes, events: () => routes.events }));
  }

  /** A new dispatch. */
  async dispatch(status: string): Promise<string> {
    return nth(await insertHistory(this.#stored, [past(status)]), 0).id;
  }

  /** A new event. */
  async event(): Promise<string> {
    return nth(await insertHistory(this.#stored, [past("failed")]), 0).eventId;
  }

  /** A bulk retry: at work, or with all of its work done. */
  async operation(state: "running" | "finished"): Promise<string> {
    await this.dispatch("failed");
    const operator = operatorOn(this.#stored, state === "running" ? { deadline: 0 } : {});
    const operation = await retryDispatches(operator, { status: ["failed"] }, {});
    return "id" in operation ? operation.id : "";
  }

  /** An order that a failed dispatch holds. Unless it is named, it is a new one: what the pages do to others does not touch it. */
  async hold(order: string = randomUUID()): Promise<void> {
    const puller = await this.#arrive({ hold: true }, { key: `cust-of-${order}`, order });
    for (const row of (await puller.take()).rows) await puller.end(row, "failed");
  }

  /** A key that waits for its concurrency. */
  async wait(): Promise<void> {
    const puller = await this.#arrive({ key: { concurrency: 1 } }, { key: "cust-18" });
    await puller.take();
  }

  /** Three dispatches that wait for limits or an order, at a destination that no longer drains. */
  async #arrive(rules: ConstructorParameters<typeof Puller>[1], of: object): Promise<Puller> {
    await this.#endDrain();
    const database = openDatabase(this.#stored);
    const destination = "BILLING";
    const ids = await insertWaiting(this.#stored, Array(3).fill({ destination, ...of }));
    await arrived(database, ids, { destination, rules });
    return new Puller(database, rules, { destination });
  }

  /** A dispatch that nobody has looked after, at a destination that no longer drains. */
  async forget(): Promise<void> {
    await this.dispatch("ongoing");
    await this.#endDrain();
  }

  async #endDrain(): Promise<void> {
    await this.#stored.query("delete from eventhub.destinations");
  }
}

/** A past dispatch of the shop, of half an hour ago. */
function past(status: string, more: Partial<Past> = {}): Past {
  const at = new Date(Date.now() - 30 * 60_000);
  return { status, destination: "BILLING", route: "paid-orders", payload: ORDER, reason: "HTTP 503", at, ...more };
}
