import { Hub, Alarm as HubAlarm, Operator as HubOperator } from "../../workers/hub/index.ts";
import routing from "./routing.json";

export default class extends Hub {
  protected override readonly configuration = routing;
}

export class Alarm extends HubAlarm {
  protected override readonly configuration = routing;
}

export class Operator extends HubOperator {
  protected override readonly configuration = routing;
}
