import FaultyHub, { Alarm as FaultyAlarm } from "../chaos/hub.ts";
import routing from "../routing.json";

/** The hub with faults, on the tests' routes. */
export default class extends FaultyHub {
  protected override readonly configuration: unknown = routing;
}

export class Alarm extends FaultyAlarm {
  protected override readonly configuration: unknown = routing;
}

export { Operator } from "../hub.ts";
