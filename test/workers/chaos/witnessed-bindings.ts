import type { CampaignEnv } from "./campaign.ts";
import type { ChaosPayload } from "./wire.ts";
import { witness } from "./witness.ts";

/** Bindings of destinations that cannot report their calls themselves. Workers can, and so can a hub. */
export interface DestinationBindings {
  /** Gets CloudEvents: their `id` is that of the event, and a message tells nothing else. */
  MESSAGES?: Queue<{ id: string; data: ChaosPayload }>;
  STARTER?: Workflow<ChaosPayload>;
  BUCKET?: R2Bucket;
}

const complete = () => "complete" as const;

/** The environment, in which every call of these bindings is reported to the campaign, and some calls fail. Bindings that do not exist stay so. */
export function withWitnesses<Env extends CampaignEnv & DestinationBindings>(env: Env): Env {
  const { MESSAGES, STARTER, BUCKET } = env;
  return {
    ...env,
    ...(MESSAGES && { MESSAGES: witnessedQueue(env, MESSAGES) }),
    ...(STARTER && { STARTER: witnessedWorkflow(env, STARTER) }),
    ...(BUCKET && { BUCKET: witnessedBucket(env, BUCKET) }),
  };
}

type Messages = NonNullable<DestinationBindings["MESSAGES"]>;

function witnessedQueue(env: CampaignEnv, queue: Messages): Messages {
  const send: Messages["send"] = (body, options) => {
    const start = { destination: "MESSAGES", eventId: body.id };
    return witness(env, start, () => queue.send(body, options), complete);
  };
  return { send } as Messages;
}

function witnessedWorkflow(env: CampaignEnv, workflow: Workflow<ChaosPayload>): Workflow<ChaosPayload> {
  const create: typeof workflow.create = async (options) => {
    const start = { destination: "STARTER", dispatchId: options?.id ?? "" };
    // An answer that the instance already exists is as good as one that it was created.
    const made = async () => ({ instance: await workflow.create(options) });
    const exists = (error: unknown) => {
      if (String(error).includes("already_exists")) return { error };
      throw error;
    };
    const answer = await witness(env, start, () => made().catch(exists), complete);
    if ("error" in answer) throw answer.error;
    return answer.instance;
  };
  return { create } as Workflow<ChaosPayload>;
}

function witnessedBucket(env: CampaignEnv, bucket: R2Bucket): R2Bucket {
  const put = async (key: string, value: string, options: R2PutOptions) => {
    const { dispatchId = "", attempt } = options.customMetadata ?? {};
    const start = { destination: "BUCKET", dispatchId, attempt: Number(attempt) };
    return witness(env, start, () => bucket.put(key, value, options), complete);
  };
  return { put } as unknown as R2Bucket;
}
