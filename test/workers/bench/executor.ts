import type { WorkflowEvent, WorkflowStep } from "cloudflare:workers";
import type { DispatchMessage } from "../../../schema/queue/messages.ts";
import { DispatchWorkflow, Executor } from "../../../workers/executor/index.ts";
import type { ExecutorEnv } from "../../../workflows/env.ts";
import type { Group } from "../../../workflows/group.ts";
import { type Counting, countBatch, countingQueue, counts, jsonLength, readCounts } from "./counting.ts";
import routing from "./routing.json";

/** Instances that have ended: the local engine keeps each one open until it is deleted. */
const ended: string[] = [];

/** The most instances that one call deletes: the platform's limit. */
const DELETE_BATCH = 100;

/** The executor that users have, with counts. */
export default class extends Executor implements Counting {
  protected override readonly configuration = routing;

  constructor(ctx: ExecutionContext, env: ExecutorEnv) {
    super(ctx, countingQueue(env));
  }

  override async queue(batch: MessageBatch<DispatchMessage>): Promise<void> {
    countBatch(batch);
    await super.queue(batch);
  }

  async counts(reset: boolean) {
    return readCounts(reset);
  }

  /** Deletes the instances that have ended, and returns how many. */
  async forget(): Promise<number> {
    let deleted = 0;
    while (ended.length > 0) {
      const gone = await this.env.DISPATCH.deleteBatch(ended.splice(0, DELETE_BATCH));
      deleted += gone.deleted.length;
    }
    return deleted;
  }
}

export class Dispatch extends DispatchWorkflow {
  protected override readonly configuration = routing;

  override async run(event: Readonly<WorkflowEvent<Group>>, step: WorkflowStep): Promise<void> {
    counts.instances += 1;
    counts.workflowBytes += jsonLength(event.payload);
    try {
      await super.run(event, countingStep(step));
    } finally {
      ended.push(event.instanceId);
    }
  }
}

function countingStep(step: WorkflowStep): WorkflowStep {
  return {
    do: async (name: string, config: object, body: (context: unknown) => Promise<unknown>) => {
      counts.steps += 1;
      const result = await step.do(
        name,
        config as never,
        ((context: unknown) => {
          counts.stepAttempts += 1;
          return body(context);
        }) as never,
      );
      counts.workflowBytes += jsonLength(result);
      return result;
    },
    sleepUntil: (name: string, when: Date) => {
      counts.steps += 1;
      return step.sleepUntil(name, when);
    },
  } as unknown as WorkflowStep;
}
