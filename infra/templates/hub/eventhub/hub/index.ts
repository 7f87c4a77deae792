import { Hub, Operator as HubOperator } from "cf-eventhub-workflows/hub";
import routing from "../routing.json";

/** What producers bind: `emit` saves events and their dispatches. */
export default class extends Hub {
  protected override readonly configuration = routing;
}

/** What the console binds, and no producer. */
export class Operator extends HubOperator {
  protected override readonly configuration = routing;
}
