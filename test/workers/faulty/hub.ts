import FaultyHub from "../chaos/hub.ts";
import routing from "../routing.json";

/** The hub with faults, for the tests' routes. */
export default class extends FaultyHub {
  protected override readonly configuration: unknown = routing;
}

export { Operator } from "../hub.ts";
