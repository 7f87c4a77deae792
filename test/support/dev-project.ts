import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { removePostgres } from "../../infra/local/postgres/postgres.ts";
import { ROOT } from "./wrangler-config.ts";

/** A project of somebody's own, in a directory of its own, that has this package installed. */
export interface DevProject {
  root: string;
  write(path: string, content: string | object): Promise<void>;
  remove(): Promise<void>;
}

const DATE = "2026-06-01";

export const ROUTING = {
  defaultMaxRetries: 6,
  defaultRetryDelay: { type: "constant", interval: 1 },
  destinations: { BILLING: { kind: "worker" } },
  routes: [{ name: "orders", condition: { path: "$.kind", exact: "order.paid" }, destination: "BILLING" }],
};

/** As `eventhub init` writes it, and a consumer and a producer beside it. */
const FILES: Readonly<Record<string, string | object>> = {
  "package.json": { name: "shop", type: "module" },
  "eventhub/routing.json": ROUTING,
  "eventhub/hub/index.ts": `import { Hub, Operator as HubOperator } from "cf-eventhub-workflows/hub";
import routing from "../routing.json";
export default class extends Hub {
  protected override readonly configuration = routing;
}
export class Operator extends HubOperator {
  protected override readonly configuration = routing;
}
`,
  "eventhub/hub/wrangler.jsonc": {
    name: "shop-hub",
    main: "index.ts",
    compatibility_date: DATE,
    triggers: { crons: ["* * * * *"] },
    queues: { producers: [{ binding: "EVENTHUB_QUEUE", queue: "shop-dispatches" }] },
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
    triggers: { crons: ["* * * * *"] },
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
    // In production it is behind Access.
    vars: { ACCESS_TEAM: "acme", ACCESS_AUDIENCE: "aud" },
  },
  "workers/billing/.dev.vars": "CURRENCY='EUR'\n",
  "workers/billing/index.ts": `import { WorkerEntrypoint } from "cloudflare:workers";
export class Billing extends WorkerEntrypoint<{ CURRENCY: string }> {
  async handle(payload: any, { attempt }: { attempt: number }) {
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
  "workers/api/index.ts": `export default {
  async fetch(request: Request, env: { EVENTHUB: any; DATABASE_URL?: string }) {
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

/** Makes the project; the package must have been built. */
export async function makeDevProject(): Promise<DevProject> {
  const root = await mkdtemp(join(tmpdir(), "cf-eventhub-project-"));
  const write = async (path: string, content: string | object) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), typeof content === "string" ? content : JSON.stringify(content, null, 2));
  };
  for (const [path, content] of Object.entries(FILES)) await write(path, content);
  await mkdir(join(root, "node_modules"));
  await symlink(ROOT, join(root, "node_modules/cf-eventhub-workflows"));
  return {
    root,
    write,
    remove: async () => {
      await removePostgres(join(root, ".eventhub/postgres"));
      await rm(root, { recursive: true, force: true });
    },
  };
}
