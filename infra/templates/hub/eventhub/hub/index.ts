import { Hub, Alarm as HubAlarm, Operator as HubOperator } from "cf-eventhub-workflows/hub";
import routing from "../routing.json";

/** Producers bind this: `emit` saves events and their dispatches. */
export default class extends Hub {
  protected override readonly configuration = routing;
}

/** Knows when somebody has to look for lost dispatches, so that the database may sleep until then. */
export class Alarm extends HubAlarm {
  protected override readonly configuration = routing;
}

/** The console binds this; producers do not. */
export class Operator extends HubOperator {
  protected override readonly configuration = routing;
}
