import { Hub, Operator as HubOperator } from "cf-eventhub-workflows/hub";
import routing from "./routing.json" with { type: "json" };

export default class extends Hub {
  protected override readonly configuration = routing;
}

export class Operator extends HubOperator {
  protected override readonly configuration = routing;
}
