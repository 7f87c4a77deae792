import { DispatchWorkflow, Executor } from "cf-eventhub-workflows/executor";
import routing from "../routing.json";

/** Takes dispatches from the queue, and looks for lost ones when the hub's alarm asks for it. */
export default class extends Executor {
  protected override readonly configuration = routing;
}

/** Delivers dispatches: calls, waits and retries. */
export class Dispatch extends DispatchWorkflow {
  protected override readonly configuration = routing;
}
