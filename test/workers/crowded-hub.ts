import { Hub, Operator as HubOperator } from "../../workers/hub/index.ts";
import { ROUTES } from "./crowded-names.ts";

const routing = {
  retention: { payloadDays: 7, rowDays: 30 },
  routes: ROUTES.map(({ name, destination }, index) => ({
    name,
    destination,
    condition: { path: "$.tenant", exact: `tenant ${index}` },
  })),
};

/** A hub with more routes than a page shows, with the longest names. */
export default class extends Hub {
  protected override readonly configuration = routing;
}

export class Operator extends HubOperator {
  protected override readonly configuration = routing;
}
