import { errorText } from "../../../schema/text/error-text.ts";
import { log } from "../../../schema/text/log.ts";
import type { Group } from "../../../workflows/group.ts";
import { withTimeout } from "../../../workflows/with-timeout.ts";

/**
 * The engine's state of an instance: `alive` (it runs or waits), `queued` (it waits for its turn), `paused` (by an operator), `ended` (it will do
 * nothing more), `missing` (the engine does not know it), `unknown` (the engine could not be asked).
 */
export type InstanceState = "alive" | "queued" | "paused" | "ended" | "missing" | "unknown";

/** The longest wait for one answer of the engine: a call that hangs must not hold up a run. */
const ENGINE_TIMEOUT_MS = 10_000;

/** Asks the engine. Never throws. */
export async function readInstanceState(workflow: Workflow<Group>, instanceId: string): Promise<InstanceState> {
  try {
    const { status } = await inTime(workflow.get(instanceId).then((instance) => instance.status()));
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

/** Wakes an instance whose engine died while it waited. This does no harm to a healthy one. Never throws. */
export async function nudgeInstance(workflow: Workflow<Group>, instanceId: string): Promise<void> {
  try {
    await inTime(workflow.get(instanceId).then((instance) => instance.sendEvent({ type: "nudge", payload: {} })));
  } catch (error) {
    log("warn", "instance.nudge_failed", { instanceId, error: errorText(error) });
  }
}

/** Terminates an instance that makes no progress. Returns false if that is uncertain. Never throws. */
export async function terminateInstance(workflow: Workflow<Group>, instanceId: string): Promise<boolean> {
  try {
    await inTime(workflow.get(instanceId).then((instance) => instance.terminate()));
    return true;
  } catch (error) {
    log("warn", "instance.terminate_failed", { instanceId, error: errorText(error) });
    return false;
  }
}

const inTime = <T>(question: Promise<T>): Promise<T> => withTimeout(ENGINE_TIMEOUT_MS, () => question);
