import { QUEUE_CONSUMER } from "../../../../schema/vocabulary/deployment.ts";
import { SETTINGS } from "../../../../schema/vocabulary/settings.ts";
import { type Project, workersOf } from "../../../project/project.ts";
import type { WranglerFile } from "../../../project/wrangler-file.ts";
import { type Finding, fault, note } from "../finding.ts";

const BINDING = "EVENTHUB_QUEUE" satisfies keyof typeof SETTINGS.hub;
const { batchSize, waitSeconds, retries: advised } = QUEUE_CONSUMER;
const PRODUCERS = ["queues", "producers"] as const;
const CONSUMERS = ["queues", "consumers"] as const;

/** With fewer retries, a database that is down for a minute uses up the retries of all messages. */
const FEW_RETRIES = 5;

/** Whether dispatches get from the hub to the executor. */
export function checkQueues(project: Project): Finding[] {
  const { hub, executor } = project;
  const sent = hub && producerOf(hub);
  const taken = executor && producerOf(executor);
  return [
    ...[hub, executor].flatMap((file) => (file === undefined || producerOf(file) !== undefined ? [] : [unbound(file)])),
    ...(sent !== undefined && taken !== undefined && sent.queue !== taken.queue
      ? [
          fault(
            taken.place,
            `${BINDING} is the queue ${JSON.stringify(taken.queue)}, and the hub's is ${JSON.stringify(sent.queue)}`,
            "give both the same queue",
          ),
        ]
      : []),
    ...(executor === undefined ? [] : checkConsumer(project, executor, sent?.queue ?? taken?.queue)),
  ];
}

function producerOf({ config, place }: WranglerFile): { queue: string; place: string } | undefined {
  const producers = config.queues?.producers ?? [];
  const index = producers.findIndex(({ binding }) => binding === BINDING);
  const queue = producers[index]?.queue;
  return queue === undefined ? undefined : { queue, place: place([...PRODUCERS, index, "queue"]) };
}

const unbound = (file: WranglerFile) =>
  fault(
    file.place(PRODUCERS),
    `${BINDING} is not bound: ${SETTINGS.hub.EVENTHUB_QUEUE.what}`,
    `add { "binding": "${BINDING}", "queue": ... } to queues.producers`,
  );

function checkConsumer(project: Project, executor: WranglerFile, queue: string | undefined): Finding[] {
  if (queue === undefined) return [];
  const consumers = executor.config.queues?.consumers ?? [];
  const index = consumers.findIndex((consumer) => consumer.queue === queue);
  const found = consumers[index];
  const others = workersOf(project).filter(
    (file) => file !== executor && file.config.queues?.consumers?.some((consumer) => consumer.queue === queue),
  );
  return [
    ...others.map((file) =>
      fault(
        file.place(CONSUMERS),
        `consumes ${JSON.stringify(queue)}, which is the executor's queue`,
        "remove this consumer",
      ),
    ),
    ...(found === undefined
      ? [
          fault(
            executor.place(CONSUMERS),
            `the executor does not consume the queue ${JSON.stringify(queue)}: events are saved, but wait for its cron`,
            `add { "queue": ${JSON.stringify(queue)}, "max_batch_size": ${batchSize}, "max_batch_timeout": ${waitSeconds}, "max_retries": ${advised} } to queues.consumers`,
          ),
        ]
      : checkSettings(executor, index, found)),
  ];
}

function checkSettings(
  { place }: WranglerFile,
  index: number,
  { max_batch_timeout: wait = 5, max_retries: retries = 3 }: { max_batch_timeout?: number; max_retries?: number },
): Finding[] {
  return [
    ...(wait > waitSeconds
      ? [
          note(
            place([...CONSUMERS, index, "max_batch_timeout"]),
            `each delivery may wait up to ${wait} s for others`,
            `set "max_batch_timeout": ${waitSeconds}`,
          ),
        ]
      : []),
    ...(retries < FEW_RETRIES
      ? [
          note(
            place([...CONSUMERS, index, "max_retries"]),
            `a message is dropped after ${retries} retries, and its dispatches then wait for the executor's next look`,
            `set "max_retries": ${advised}`,
          ),
        ]
      : []),
  ];
}
