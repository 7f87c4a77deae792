import routing from "../routing.json";
import { DispatchWorkflow, Executor } from "./index.ts";

/** The executor as deployed, with the configuration of workers/routing.json. */
export default class extends Executor {
  protected override readonly configuration = routing;
}

export class Dispatch extends DispatchWorkflow {
  protected override readonly configuration = routing;
}
