import type { WorkflowEvent, WorkflowStep } from "cloudflare:workers";
import { DispatchWorkflow, Executor } from "../../workers/executor/index.ts";
import type { Group } from "../../workflows/group.ts";
import routing from "./routing.json";

export default class extends Executor {
  protected override readonly configuration = routing;
}

/** The real Workflow; each step that it asks for leaves a line in the log, so that tests can count what would be billed. */
export class Dispatch extends DispatchWorkflow {
  protected override readonly configuration = routing;

  override run(event: Readonly<WorkflowEvent<Group>>, step: WorkflowStep): Promise<void> {
    const count = (name: string) =>
      console.log(JSON.stringify({ event: "test.step", step: name, instanceId: event.instanceId }));
    const counted = {
      do: (name: string, ...rest: [never, never]) => {
        count(`do ${name}`);
        return step.do(name, ...rest);
      },
      sleepUntil: (name: string, when: Date) => {
        count(`sleepUntil ${name}`);
        return step.sleepUntil(name, when);
      },
    } as unknown as WorkflowStep;
    return super.run(event, counted);
  }
}
