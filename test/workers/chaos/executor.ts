import type { WorkflowEvent, WorkflowStep } from "cloudflare:workers";
import type { DispatchMessage } from "../../../schema/queue/messages.ts";
import { DispatchWorkflow, Executor, type ExecutorEnv } from "../../../workers/executor/index.ts";
import type { Group } from "../../../workflows/group.ts";
import { type CampaignEnv, decide } from "./campaign.ts";
import { faultyQueue } from "./faulty-queue.ts";
import { faultyWorkflow } from "./faulty-workflow.ts";
import routing from "./routing.json";
import { type DestinationBindings, withWitnesses } from "./witnessed-bindings.ts";

interface Env extends ExecutorEnv, CampaignEnv, DestinationBindings {
  EVENTHUB_WORKFLOW_SINGLE: Workflow<Group>;
  /** The address of the campaign's own HTTP server for webhooks. */
  WEBHOOK_URL?: string;
}
type Batch = MessageBatch<DispatchMessage>;

let configuration: unknown;

/** The routing with the webhook at the campaign's own server. It is made once, since a configuration is recognised by its identity. */
function configurationFor({ WEBHOOK_URL: url = routing.destinations.WEBHOOK.url }: Env): unknown {
  const { destinations, ...rest } = routing;
  configuration ??= { ...rest, destinations: { ...destinations, WEBHOOK: { ...destinations.WEBHOOK, url } } };
  return configuration;
}

const withFaults = (env: Env): Env => ({
  ...env,
  EVENTHUB_QUEUE: faultyQueue(env),
  DISPATCH: faultyWorkflow(env, "DISPATCH", env.DISPATCH),
  EVENTHUB_WORKFLOW_SINGLE: faultyWorkflow(env, "EVENTHUB_WORKFLOW_SINGLE", env.EVENTHUB_WORKFLOW_SINGLE),
});

/** The real executor, with a queue and an engine that fail. */
export default class extends Executor<Env> {
  protected override readonly configuration: unknown = configurationFor(this.env);

  constructor(ctx: ExecutionContext, env: Env) {
    super(ctx, withFaults(env));
  }

  override async queue(batch: Batch): Promise<void> {
    switch ((await decide(this.env, "queue.consume")).fault) {
      case "twice at once":
        await Promise.all([super.queue(batch), super.queue(unacknowledged(batch))]);
        return;
      case "die before the acks":
        await super.queue(unacknowledged(batch));
        throw new Error("the consumer died before it acknowledged");
      case "die at once":
        throw new Error("the consumer died at once");
      case "lose":
        batch.ackAll();
        return;
    }
    await super.queue(batch);
  }
}

/** The same messages for another consumer, whose acknowledgements do not reach the queue. */
function unacknowledged(batch: Batch): Batch {
  const nothing = () => undefined;
  const messages = batch.messages.map(({ id, timestamp, body, attempts }) => ({
    id,
    timestamp,
    body,
    attempts,
    ack: nothing,
    retry: nothing,
  }));
  return { queue: batch.queue, messages, ackAll: nothing, retryAll: nothing } as unknown as Batch;
}

export class Dispatch extends DispatchWorkflow<Env> {
  protected override readonly configuration: unknown = configurationFor(this.env);

  constructor(ctx: ExecutionContext, env: Env) {
    super(ctx, { ...withWitnesses(env), EVENTHUB_QUEUE: faultyQueue(env) });
  }

  /** Simulates another version of the code: its steps have other names. */
  override async run(event: Readonly<WorkflowEvent<Group>>, step: WorkflowStep): Promise<void> {
    const { fault } = await decide(this.env, "workflow.version");
    const version = fault === null ? "" : ` ${fault}`;
    const renamed = {
      do: (name: string, ...rest: [never, never]) => step.do(name + version, ...rest),
      sleepUntil: (name: string, when: Date) => step.sleepUntil(name + version, when),
    } as unknown as WorkflowStep;
    return super.run(event, renamed);
  }
}
