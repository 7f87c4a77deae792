import * as v from "valibot";
import { DEFAULT_GROUP_SIZE } from "../../vocabulary/defaults.ts";
import { MAX_DESTINATION_NAME_LENGTH, MAX_GROUP_SIZE, MAX_OWN_WORKFLOWS } from "../../vocabulary/limits.ts";
import { Health } from "../health.ts";
import { breakerAndDrain } from "./breaker-and-drain.ts";
import { flow } from "./flow.ts";

/** How many dispatches of a destination may share a Workflow instance, from 1 up. The default is the maximum. */
const groupSize = v.optional(
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_GROUP_SIZE)),
  DEFAULT_GROUP_SIZE,
);

/** The Workflow binding of every destination without one of its own. */
export const DEFAULT_WORKFLOW = "DISPATCH";

/** The form of the name of a destination's own Workflow binding. It starts with `EVENTHUB_`, so it cannot be a destination's name. */
const OWN_WORKFLOW = new RegExp(
  `^EVENTHUB_WORKFLOW_[A-Za-z0-9_]{1,${MAX_DESTINATION_NAME_LENGTH + `${MAX_OWN_WORKFLOWS}_`.length}}$`,
);

const ownWorkflow = v.pipe(
  v.string(),
  v.regex(OWN_WORKFLOW, ({ input }) => `must look like EVENTHUB_WORKFLOW_<name>, got ${JSON.stringify(input)}`),
);

/**
 * The executor's binding of a Workflow for this destination alone, or a list of up to {@link MAX_OWN_WORKFLOWS}. The concurrency limit of that Workflow
 * limits how much the consumer gets at once. Several share the instances between them, because the platform limits how many a Workflow creates per
 * second. Without it, the destination shares `DISPATCH` with the others.
 */
const workflow = v.exactOptional(
  v.union(
    [
      ownWorkflow,
      v.pipe(
        v.array(ownWorkflow),
        v.minLength(1, "must name at least one Workflow binding"),
        v.maxLength(
          MAX_OWN_WORKFLOWS,
          ({ requirement, received }) => `must name at most ${requirement} Workflow bindings, got ${received}`,
        ),
        v.checkItems((name, index, names) => names.indexOf(name) === index, "is there twice"),
      ),
    ],
    "must be the name of a Workflow binding, or a list of such names",
  ),
);

/** The names of the Workflow bindings that deliver to a destination: its own, or the one that all share. */
export const workflowsOf = (destination: { workflow?: string | string[] } | undefined): readonly string[] =>
  [destination?.workflow ?? DEFAULT_WORKFLOW].flat();

/** `cloudevents`: the destination gets a CloudEvent 1.0 in structured JSON form. Default: the payload as it is. */
export const format = v.exactOptional(v.literal("cloudevents"));

/**
 * For a destination that gets nothing beside its message. `context`: `{ payload, context }`, like each item of a Worker's `handleBatch`.
 */
export const messageFormat = v.exactOptional(v.picklist(["cloudevents", "context"]));

/** The settings of every kind of destination. */
export const shared = { groupSize, workflow, health: v.exactOptional(Health), ...breakerAndDrain, ...flow };
