import routing from "../routing.json";
import { Hub } from "./index.ts";

/** The hub as it is deployed, with the configuration of workers/routing.json. */
export default class extends Hub {
  protected override readonly configuration = routing;
}
