import type { EventPayload, HandleContext, HandleOutcome } from "../../../schema/contract/index.ts";
import type { HubEnv } from "../../../workers/hub/env.ts";
import { Hub, Operator as HubOperator } from "../../../workers/hub/index.ts";
import { answerOf } from "./answer.ts";
import type { CampaignEnv } from "./campaign.ts";
import { faultyQueue } from "./faulty-queue.ts";
import routing from "./routing.json";
import { witness } from "./witness.ts";

/** The real hub, with a queue that fails. */
export default class FaultyHub extends Hub<HubEnv & CampaignEnv> {
  protected override readonly configuration: unknown = routing;

  constructor(ctx: ExecutionContext, env: HubEnv & CampaignEnv) {
    super(ctx, { ...env, EVENTHUB_QUEUE: faultyQueue(env) });
  }
}

/** The operators' side of it, whose queue fails as well. */
export class Operator extends HubOperator<HubEnv & CampaignEnv> {
  protected override readonly configuration: unknown = routing;

  constructor(ctx: ExecutionContext, env: HubEnv & CampaignEnv) {
    super(ctx, { ...env, EVENTHUB_QUEUE: faultyQueue(env) });
  }
}

/** The hub as a destination of itself: it tells of each call, as consumers do. */
export class Behind extends FaultyHub {
  override handle(payload: EventPayload, context: HandleContext): Promise<HandleOutcome> {
    const { destination, dispatchId, attempt } = context;
    return witness(this.env, { destination, dispatchId, attempt }, () => super.handle(payload, context), answerOf);
  }
}
