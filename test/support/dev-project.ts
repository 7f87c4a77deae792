import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { removePostgres } from "../../infra/local/postgres/postgres.ts";
import { type Files, ProjectDirectory } from "./project-directory.ts";
import { ROOT } from "./wrangler-config.ts";

const DATE = "2026-06-01";

export const ROUTING = {
  defaultMaxRetries: 6,
  defaultRetryDelay: { type: "constant", interval: 1 },
  destinations: { BILLING: { kind: "worker" } },
  indexes: ["$.order"],
  routes: [{ name: "orders", condition: { path: "$.kind", exact: "order.paid" }, destination: "BILLING" }],
};

/** The files that `eventhub init` writes, with a consumer and a producer. */
const FILES: Files = {
  "package.json": { name: "shop", type: "module" },
  "eventhub/routing.json": ROUTING,
  "eventhub/hub/index.ts": `import { Hub, Alarm as HubAlarm, Operator as HubOperator } from "cf-eventhub-workflows/hub";
import routing from "../routing.json";
export default class extends Hub {
  protected override readonly configuration = routing;
}
export class Operator extends HubOperator {
  protected override readonly configuration = routing;
}
export class Alarm extends HubAlarm {
  protected override readonly configuration = routing;
}
`,
  "eventhub/hub/wrangler.jsonc": {
    name: "shop-hub",
    main: "index.ts",
    compatibility_date: DATE,
    triggers: { crons: ["0 4 * * *"] },
    queues: { producers: [{ binding: "EVENTHUB_QUEUE", queue: "shop-dispatches" }] },
    durable_objects: { bindings: [{ name: "EVENTHUB_ALARM", class_name: "Alarm" }] },
    migrations: [{ tag: "v1", new_sqlite_classes: ["Alarm"] }],
  },
  "eventhub/executor/index.ts": `import { DispatchWorkflow, Executor } from "cf-eventhub-workflows/executor";
import routing from "../routing.json";
export default class extends Executor {
  protected override readonly configuration = routing;
}
export class Dispatch extends DispatchWorkflow {
  protected override readonly configuration = routing;
}
`,
  "eventhub/executor/wrangler.jsonc": {
    name: "shop-executor",
    main: "index.ts",
    compatibility_date: DATE,
    triggers: { crons: ["0 4 * * *"] },
    durable_objects: { bindings: [{ name: "EVENTHUB_ALARM", class_name: "Alarm", script_name: "shop-hub" }] },
    queues: {
      producers: [{ binding: "EVENTHUB_QUEUE", queue: "shop-dispatches" }],
      consumers: [{ queue: "shop-dispatches", max_batch_size: 100, max_batch_timeout: 0, max_retries: 20 }],
    },
    workflows: [{ binding: "DISPATCH", name: "shop-dispatch", class_name: "Dispatch" }],
    services: [{ binding: "BILLING", service: "shop-billing", entrypoint: "Billing" }],
  },
  "eventhub/console/wrangler.jsonc": {
    name: "shop-console",
    main: "../../node_modules/cf-eventhub-workflows/dist/workers-scripts/console/worker.js",
    compatibility_date: DATE,
    services: [
      { binding: "OPERATOR", service: "shop-hub", entrypoint: "Operator" },
      { binding: "EVENTHUB", service: "shop-hub" },
    ],
    // In production, Access protects it.
    vars: { ACCESS_TEAM: "acme", ACCESS_AUDIENCE: "aud" },
  },
  "workers/billing/.dev.vars": "CURRENCY='EUR'\n",
  "workers/billing/index.ts": `import { WorkerEntrypoint } from "cloudflare:workers";
export class Billing extends WorkerEntrypoint<{ CURRENCY: string }> {
  async handle(payload: { order?: string; failures?: number }, { attempt }: { attempt: number }) {
    console.log("billing", payload.order ?? "nothing", "in", this.env.CURRENCY);
    if (attempt <= (payload.failures ?? 0)) throw new TypeError("card declined");
    return "complete";
  }
}
export default {
  async scheduled({ cron }: ScheduledController) {
    console.log("the cron", cron, "ran");
  },
};
`,
  "workers/billing/wrangler.toml": `name = "shop-billing"\nmain = "index.ts"\ncompatibility_date = "${DATE}"\n`,
  "workers/api/index.ts": `import type { EventHub } from "cf-eventhub-workflows";
export default {
  async fetch(request: Request, env: { EVENTHUB: EventHub; DATABASE_URL?: string }) {
    if (request.headers.get("Upgrade") === "websocket") {
      const { 0: client, 1: server } = new WebSocketPair();
      server.accept();
      server.addEventListener("message", ({ data }) => server.send("echo " + data));
      return new Response(null, { status: 101, webSocket: client });
    }
    if (request.method === "POST") return Response.json(await env.EVENTHUB.emit(await request.json()));
    return Response.json({ url: request.url, secret: request.headers.get("Eventhub-Worker"), database: env.DATABASE_URL ?? null });
  },
};
`,
  "workers/api/wrangler.jsonc": {
    name: "shop-api",
    main: "index.ts",
    compatibility_date: DATE,
    routes: [{ pattern: "api.example.com", custom_domain: true }],
    services: [{ binding: "EVENTHUB", service: "shop-hub" }],
  },
};

/** A user's project, in a directory of its own, with this package installed. The package must have been built. */
export class DevProject extends ProjectDirectory {
  constructor() {
    super(FILES);
    mkdirSync(join(this.root, "node_modules"));
    symlinkSync(ROOT, join(this.root, "node_modules/cf-eventhub-workflows"));
  }

  /** Removes the project, and the Postgres that `dev` made for it, wherever that is. */
  async remove(): Promise<void> {
    await removePostgres(join(this.root, ".eventhub/postgres"));
    this[Symbol.dispose]();
  }
}
