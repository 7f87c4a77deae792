import { errorText, log } from "../../../schema/text/log.ts";
import { MAX_CREATED_INSTANCES } from "../../../schema/vocabulary/platform-limits.ts";
import { type Group, instanceIdOf, type Work } from "../../../workflows/group.ts";

/** The engine's word for an id that is taken: by an instance that runs, or by one that has ended. */
const ALREADY_EXISTS = 10405;

/** What became of each group: its instance was created now, was there before, or is not certain to exist. */
export interface Created {
  group: Group;
  instanceId: string;
  state: "created" | "exists" | "uncertain";
}

/**
 * Creates one instance a group, a hundred a call. Never throws: what is not certain is said, and safe to create again. Without the Workflow
 * nothing is certain: to deliver by another one would lift the limit that its own is there for.
 */
export async function createInstances(
  workflow: Workflow<Work> | undefined,
  groups: readonly Group[],
): Promise<Created[]> {
  const named = await Promise.all(groups.map(async (group) => ({ group, instanceId: await instanceIdOf(group) })));
  // The same group twice in one batch (a doubled message) is one instance.
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
    // One entry that the engine will not take refuses them all: the halves find it, and the others go their way.
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

/** Asking for each half would only make this worse. */
const isRateLimit = (error: unknown) => /429|rate.?limit|too many/i.test(String(error));
