import routing from "../routing.json";
import { Hub, Operator as HubOperator } from "./index.ts";

/** The hub as it is deployed, with the configuration of workers/routing.json. */
export default class extends Hub {
  protected override readonly configuration = routing;
}

/** The operators' entrypoint: bind it as `{ "service": "eventhub-hub", "entrypoint": "Operator" }`. */
export class Operator extends HubOperator {
  protected override readonly configuration = routing;
}
