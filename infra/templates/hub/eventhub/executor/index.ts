import { DispatchWorkflow, Executor } from "cf-eventhub-workflows/executor";
import routing from "../routing.json";

/** Takes dispatches from the queue, and looks every minute for what was left behind. */
export default class extends Executor {
  protected override readonly configuration = routing;
}

/** Delivers dispatches: calls, waits and retries. */
export class Dispatch extends DispatchWorkflow {
  protected override readonly configuration = routing;
}
