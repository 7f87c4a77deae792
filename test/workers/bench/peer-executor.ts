import { Executor } from "cf-eventhub-peer/postgresjs";
import { type Counting, countBatch, readCounts } from "./counting.ts";

/** The executor of the npm package `cf-eventhub` 0.3.5, with its queue counted. */
export default class extends Executor implements Counting {
  override async queue(batch: Parameters<Executor["queue"]>[0]): Promise<void> {
    countBatch(batch);
    await super.queue(batch);
  }

  async counts(reset: boolean) {
    return readCounts(reset);
  }
}
