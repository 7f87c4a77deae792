import type { Group } from "../../../workflows/group.ts";
import { type CampaignEnv, decide, tell, wait } from "./campaign.ts";

/** The binding `name` of a Workflow. When the campaign says so, creations are refused, empty, false or late, and instances are not found. */
export function faultyWorkflow(env: CampaignEnv, name: string, workflow: Workflow<Group>): Workflow<Group> {
  const createBatch: typeof workflow.createBatch = async (batch) => {
    const { fault, ms } = await decide(env, "instances.create");
    const instances = (batch as { instances: { id: string; params: Group }[] }).instances;
    if (fault === "429") throw new Error("workflow.rate_limited: Too Many Requests (HTTP 429)");
    if (fault === "one invalid" && instances.some(({ params }) => params.members.some(isInvalid)))
      throw new Error("instance.invalid_options: one of the instances is not valid");
    if (fault === "empty") return { created: [], errors: [] } as never;
    if (fault === "false success") return { created: instances.map(({ id }) => ({ id })), errors: [] } as never;
    await tell(env, "/instances", { instances: instances.map(({ id }) => `${name}/${id}`) });
    const answer = await workflow.createBatch(batch as never);
    if (fault === "late") {
      await wait(ms);
      throw new Error("Network connection lost.");
    }
    return answer as never;
  };
  const get: typeof workflow.get = async (id) => {
    const { fault } = await decide(env, "instances.get");
    if (fault === "not found" && !denied.has(id)) {
      denied.add(id);
      throw new Error("instance.not_found");
    }
    if (fault === "error") throw new Error("Network connection lost.");
    const instance = await workflow.get(id);
    if (fault?.startsWith("status ") !== true) return instance;
    return { ...instance, status: () => Promise.resolve({ status: fault.slice("status ".length) }) } as never;
  };
  return { createBatch, get, create: (options) => workflow.create(options) } as Workflow<Group>;
}

/** Instances that were already reported missing once. An engine that denies a living instance again and again is beyond what the hub promises. */
const denied = new Set<string>();

/** The dispatch that an engine with the fault "one invalid" refuses. */
const isInvalid = ({ generation }: Group["members"][number]) => generation === 666;
