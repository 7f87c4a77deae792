import routing from "../routing.json";
import { Hub, Alarm as HubAlarm, Operator as HubOperator } from "./index.ts";

/** The hub as deployed, with the configuration of workers/routing.json. */
export default class extends Hub {
  protected override readonly configuration = routing;
}

/** The hub's alarm clock. Bind it to hub and executor as `EVENTHUB_ALARM`. */
export class Alarm extends HubAlarm {
  protected override readonly configuration = routing;
}

/** The operators' entrypoint. Bind it as `{ "service": "eventhub-hub", "entrypoint": "Operator" }`. */
export class Operator extends HubOperator {
  protected override readonly configuration = routing;
}
