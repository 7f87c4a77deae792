import { DispatchWorkflow, Executor } from "cf-eventhub-workflows/executor";
import routing from "./routing.json" with { type: "json" };

export default class extends Executor {
  protected override readonly configuration = routing;
}

export class Dispatch extends DispatchWorkflow {
  protected override readonly configuration = routing;
}
