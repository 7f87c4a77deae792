import type { Destination, DestinationOf } from "../../schema/config/destinations/index.ts";
import { hub } from "./hub.ts";
import type { Kind } from "./kind.ts";
import { queue } from "./queue.ts";
import { r2 } from "./r2.ts";
import { webhook } from "./webhook.ts";
import { worker } from "./worker.ts";
import { workflow } from "./workflow.ts";

/** Every kind of destination by its name in the configuration. */
export const KINDS: { readonly [K in Destination["kind"]]: Kind<DestinationOf<K>> } = {
  worker,
  r2,
  queue,
  workflow,
  hub,
  webhook,
};
