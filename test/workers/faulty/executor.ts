import FaultyExecutor, { Dispatch as FaultyDispatch } from "../chaos/executor.ts";
import routing from "../routing.json";

/** The executor with faults, on the tests' routes. */
export default class extends FaultyExecutor {
  protected override readonly configuration: unknown = routing;
}

export class Dispatch extends FaultyDispatch {
  protected override readonly configuration: unknown = routing;
}
