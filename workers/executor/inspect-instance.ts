import type { Group } from "../../workflows/group.ts";
import { errorText, log } from "../../workflows/log.ts";

/**
 * What the engine says of an instance: `alive`, it runs or waits; `queued`, it waits for its turn; `paused` by an operator; `ended`, and will
 * do nothing more; `missing`, the engine does not know it; `unknown`, the engine could not be asked.
 */
export type Evidence = "alive" | "queued" | "paused" | "ended" | "missing" | "unknown";

/** Asks the engine. Never throws. */
export async function inspectInstance(workflow: Workflow<Group>, instanceId: string): Promise<Evidence> {
  try {
    const instance = await workflow.get(instanceId);
    const { status } = await instance.status();
    switch (status) {
      case "running":
      case "waiting":
      case "rollingBack":
        return "alive";
      case "queued":
        return "queued";
      case "paused":
      case "waitingForPause":
        return "paused";
      case "complete":
      case "errored":
      case "terminated":
        return "ended";
      default:
        return "unknown";
    }
  } catch (error) {
    if (/not[_ ]found/i.test(String(error))) return "missing";
    log("warn", "instance.ask_failed", { instanceId, error: errorText(error) });
    return "unknown";
  }
}

/** Wakes an instance whose engine died while it waited; one that is well does not mind. Never throws. */
export async function nudgeInstance(workflow: Workflow<Group>, instanceId: string): Promise<void> {
  try {
    const instance = await workflow.get(instanceId);
    await instance.sendEvent({ type: "nudge", payload: {} });
  } catch (error) {
    log("warn", "instance.nudge_failed", { instanceId, error: errorText(error) });
  }
}

/** Ends an instance that makes no progress. False if that is not certain. Never throws. */
export async function terminateInstance(workflow: Workflow<Group>, instanceId: string): Promise<boolean> {
  try {
    const instance = await workflow.get(instanceId);
    await instance.terminate();
    return true;
  } catch (error) {
    log("warn", "instance.terminate_failed", { instanceId, error: errorText(error) });
    return false;
  }
}
