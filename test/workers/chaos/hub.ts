import type { EventPayload, HandleContext, HandleOutcome } from "../../../schema/contract/index.ts";
import type { HubEnv } from "../../../workers/hub/env.ts";
import { Hub, Alarm as HubAlarm, Operator as HubOperator } from "../../../workers/hub/index.ts";
import { answerOf } from "./answer.ts";
import { type CampaignEnv, decide } from "./campaign.ts";
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

/** Its alarm, whose queue fails as well. */
export class Alarm extends HubAlarm<HubEnv & CampaignEnv> {
  protected override readonly configuration: unknown = routing;

  constructor(ctx: DurableObjectState, env: HubEnv & CampaignEnv) {
    super(ctx, { ...env, EVENTHUB_QUEUE: faultyQueue(env) });
  }

  /** Simulates an object that cannot be reached, or that has lost what it was told. */
  override async arm(inMs: number, dispatches?: readonly string[]): Promise<void> {
    const { fault } = await decide(this.env, "alarm");
    if (fault === "refuse") throw new Error("Network connection lost.");
    if (fault === "lose") return;
    await super.arm(inMs, dispatches);
  }

  override async done(dispatches: readonly string[]): Promise<void> {
    if ((await decide(this.env, "alarm.done")).fault === "lose") return;
    await super.done(dispatches);
  }
}

/** Its operators' entrypoint, whose queue fails as well. */
export class Operator extends HubOperator<HubEnv & CampaignEnv> {
  protected override readonly configuration: unknown = routing;

  constructor(ctx: ExecutionContext, env: HubEnv & CampaignEnv) {
    super(ctx, { ...env, EVENTHUB_QUEUE: faultyQueue(env) });
  }
}

/** The hub as a destination of itself: it reports each call, as consumers do. */
export class Behind extends FaultyHub {
  override handle(payload: EventPayload, context: HandleContext): Promise<HandleOutcome> {
    const { destination, dispatchId, attempt } = context;
    return witness(this.env, { destination, dispatchId, attempt }, () => super.handle(payload, context), answerOf);
  }
}
