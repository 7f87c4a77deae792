import type { DispatchMessage } from "../../../schema/queue/messages.ts";
import { type CampaignEnv, decide } from "./campaign.ts";

/** A queue's binding that drops, doubles, delays, garbles or refuses messages when the campaign says so. */
export function faultyQueue(env: CampaignEnv & { EVENTHUB_QUEUE: Queue<DispatchMessage> }): Queue<DispatchMessage> {
  const queue = env.EVENTHUB_QUEUE;
  const sendBatch: typeof queue.sendBatch = async (messages) => {
    const { fault, ms } = await decide(env, "queue.send");
    const batch = [...messages];
    switch (fault) {
      case "drop":
        return { metadata: {} } as QueueSendBatchResponse;
      case "refuse":
        throw new Error("Queue sendBatch failed: Too Many Requests");
      case "refuse after":
        await queue.sendBatch(batch);
        throw new Error("Queue sendBatch failed: Internal Server Error");
      case "double":
        await queue.sendBatch(batch);
        break;
      case "delay":
        return queue.sendBatch(batch, { delaySeconds: Math.ceil(ms / 1_000) });
      case "garble":
        await queue.send({ v: 1, dispatches: [{ id: "'; drop table eventhub.events; --" }] } as never);
        break;
    }
    return queue.sendBatch(batch.reverse());
  };
  return { ...queue, sendBatch, send: (body, options) => queue.send(body, options) };
}
