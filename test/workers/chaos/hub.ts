import type { HubEnv } from "../../../workers/hub/env.ts";
import { Hub } from "../../../workers/hub/index.ts";
import type { CampaignEnv } from "./campaign.ts";
import { faultyQueue } from "./faulty-queue.ts";
import routing from "./routing.json";

/** The real hub, with a queue that fails. */
export default class extends Hub<HubEnv & CampaignEnv> {
  protected override readonly configuration: unknown = routing;

  constructor(ctx: ExecutionContext, env: HubEnv & CampaignEnv) {
    super(ctx, { ...env, EVENTHUB_QUEUE: faultyQueue(env) });
  }
}
