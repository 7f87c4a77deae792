import { EventHub } from "cf-eventhub-peer/postgresjs";
import { type Counting, countingQueue, counts, readCounts } from "./counting.ts";

type Env = ConstructorParameters<typeof EventHub>[1] & { EVENTHUB_QUEUE: Queue };

/** The hub of the npm package `cf-eventhub` 0.3.5, with its queue counted. */
export default class extends EventHub implements Counting {
  constructor(ctx: ExecutionContext, env: Env) {
    super(ctx, countingQueue(env));
  }

  override putEvent(...call: Parameters<EventHub["putEvent"]>): Promise<void> {
    counts.rpcCalls += 1;
    return super.putEvent(...call);
  }

  async counts(reset: boolean) {
    return readCounts(reset);
  }
}
