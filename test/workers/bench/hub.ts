import { Hub, type HubEnv } from "../../../workers/hub/index.ts";
import { type Counting, countingQueue, counts, readCounts } from "./counting.ts";
import routing from "./routing.json";

export { Alarm } from "../../../workers/hub/index.ts";

/** The hub that users have, with its queue counted. */
export default class extends Hub implements Counting {
  protected override readonly configuration = routing;

  constructor(ctx: ExecutionContext, env: HubEnv) {
    super(ctx, countingQueue(env));
  }

  override emit(...call: Parameters<Hub["emit"]>): ReturnType<Hub["emit"]> {
    counts.rpcCalls += 1;
    return super.emit(...call);
  }

  async counts(reset: boolean) {
    return readCounts(reset);
  }
}
