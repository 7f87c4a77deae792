import type { WorkflowEvent, WorkflowStep } from "cloudflare:workers";
import { DispatchWorkflow, Executor, type ExecutorEnv } from "../../workers/executor/index.ts";
import type { Group } from "../../workflows/group.ts";
import routing from "./routing.json";

interface TestEnv extends ExecutorEnv {
  /** The address of the test's own HTTP server. */
  WEBHOOK_ORIGIN?: string;
}

let configuration: object | undefined;

/** The routing of these tests, with the webhooks at the test's own server. It is made once, since a configuration is recognised by its identity. */
function configurationFor({ WEBHOOK_ORIGIN = "http://webhooks.test" }: TestEnv): object {
  configuration ??= JSON.parse(JSON.stringify(routing).replaceAll("http://webhooks.test", WEBHOOK_ORIGIN)) as object;
  return configuration;
}

export default class extends Executor<TestEnv> {
  protected override readonly configuration = configurationFor(this.env);

  /** The class of each binding, by its name. */
  async bindingClasses(): Promise<Record<string, string>> {
    const bindings = Object.entries(this.env).filter(([, value]) => typeof value === "object");
    return Object.fromEntries(bindings.map(([name, value]) => [name, (value as object).constructor.name]));
  }
}

/** The real Workflow. Each step that it requests leaves a line in the log, so that tests can count what would be billed. */
export class Dispatch extends DispatchWorkflow<TestEnv> {
  protected override readonly configuration = configurationFor(this.env);

  override run(event: Readonly<WorkflowEvent<Group>>, step: WorkflowStep): Promise<void> {
    const count = (name: string) =>
      console.log(JSON.stringify({ event: "test.step", step: name, instanceId: event.instanceId }));
    const counted = {
      do: (name: string, ...rest: [never, never]) => {
        count(`do ${name}`);
        return step.do(name, ...rest);
      },
      sleep: (name: string, forMs: number) => {
        count(`sleep ${name}`);
        return step.sleep(name, forMs);
      },
      sleepUntil: (name: string, when: Date) => {
        count(`sleepUntil ${name}`);
        return step.sleepUntil(name, when);
      },
    } as unknown as WorkflowStep;
    return super.run(event, counted);
  }
}
