import { fileURLToPath } from "node:url";

/** A user's project: the hub, the executor, and a Worker that produces and consumes. */
export const SHOP = {
  root: fileURLToPath(new URL("../workers/shop", import.meta.url)),
  configs: ["hub.wrangler.json", "executor.wrangler.json", "shop.wrangler.json"],
};
