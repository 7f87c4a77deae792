import { errorText } from "../../../schema/text/error-text.ts";
import { log } from "../../../schema/text/log.ts";
import { MAX_CREATED_INSTANCES } from "../../../schema/vocabulary/platform-limits.ts";
import type { Group, Work } from "../../../workflows/group.ts";
import { instanceIdOf } from "../../../workflows/instance-id.ts";

/** The engine's code for an id that is taken by an instance, running or ended. */
const ALREADY_EXISTS = 10405;

/** The outcome for each group: its instance was created now, existed before, or is not certain to exist. */
export interface Created {
  group: Group;
  instanceId: string;
  state: "created" | "exists" | "uncertain";
}

/**
 * Creates one instance per group, a hundred per call. Never throws: an uncertain creation is reported, and safe to repeat. Without the Workflow
 * nothing is certain: another Workflow would bypass the limit of this one.
 */
export async function createInstances(
  workflow: Workflow<Work> | undefined,
  groups: readonly Group[],
): Promise<Created[]> {
  const named = await Promise.all(groups.map(async (group) => ({ group, instanceId: await instanceIdOf(group) })));
  // The same group twice in a batch (a doubled message) gets one instance.
  const unique = [...new Map(named.map((entry) => [entry.instanceId, entry])).values()];
  if (workflow === undefined) return unique.map((entry) => ({ ...entry, state: "uncertain" }));
  const created: Created[] = [];
  for (let start = 0; start < unique.length; start += MAX_CREATED_INSTANCES) {
    created.push(...(await createBatch(workflow, unique.slice(start, start + MAX_CREATED_INSTANCES))));
  }
  return created;
}

async function createBatch(
  workflow: Workflow<Work>,
  batch: readonly { group: Group; instanceId: string }[],
): Promise<Created[]> {
  try {
    const { created, errors } = await workflow.createBatch({
      instances: batch.map(({ group, instanceId }) => ({ id: instanceId, params: group })),
    });
    const ids = new Set(created.map(({ id }) => id));
    const existing = new Set(
      errors.filter(({ code }) => code === ALREADY_EXISTS).map(({ index }) => batch[index]?.instanceId),
    );
    const refused = errors.find(({ code }) => code !== ALREADY_EXISTS);
    if (refused !== undefined) log("warn", "instances.refused", { code: refused.code, error: refused.message });
    return batch.map(({ group, instanceId }) => ({
      group,
      instanceId,
      state: ids.has(instanceId) ? "created" : existing.has(instanceId) ? "exists" : "uncertain",
    }));
  } catch (error) {
    log("warn", "instances.create_failed", { instances: batch.length, error: errorText(error) });
    // An entry that the engine does not accept makes it refuse all. Halving isolates it, and the others are created.
    if (batch.length > 1 && !isRateLimit(error)) {
      const half = Math.ceil(batch.length / 2);
      return [
        ...(await createBatch(workflow, batch.slice(0, half))),
        ...(await createBatch(workflow, batch.slice(half))),
      ];
    }
    return batch.map((entry) => ({ ...entry, state: "uncertain" }));
  }
}

/** Whether the error is a rate limit, which more calls for each half would only make worse. */
const isRateLimit = (error: unknown) => /429|rate.?limit|too many/i.test(String(error));
