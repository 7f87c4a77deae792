import { DispatchWorkflow, Executor } from "../../../workers/executor/index.ts";
import routing from "./routing.json";

export default class extends Executor {
  protected override readonly configuration = routing;
}

export class Dispatch extends DispatchWorkflow {
  protected override readonly configuration = routing;
}
