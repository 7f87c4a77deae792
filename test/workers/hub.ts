import { Hub } from "../../workers/hub/index.ts";
import routing from "./routing.json";

export default class extends Hub {
  protected override readonly configuration = routing;
}
