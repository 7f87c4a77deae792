import { WorkerEntrypoint, WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import type { BatchConsumer, BatchItem, HandleReturn } from "../../schema/contract/index.ts";

/** Takes many dispatches in one call, and answers for each of them. */
export class BatchingConsumer extends WorkerEntrypoint implements BatchConsumer {
  handleBatch(items: BatchItem[]): HandleReturn[] {
    return items.map(() => ({ result: "complete", reason: `one of ${items.length} in this call` }));
  }
}

/** A Workflow of the user's own, with an instance for each dispatch. */
export class Onboarding extends WorkflowEntrypoint {
  override async run(event: Readonly<WorkflowEvent<unknown>>, step: WorkflowStep): Promise<void> {
    await step.do("welcome", async () => `dispatch ${event.instanceId} began it`);
  }
}

/** Takes the messages of the demo's Queue. Each is the result of a route's transform. */
export function takeJobs({ messages }: MessageBatch<unknown>): void {
  console.log(JSON.stringify({ event: "demo.jobs_taken", messages: messages.length }));
}
