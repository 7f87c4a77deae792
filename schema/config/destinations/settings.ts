import * as v from "valibot";
import { DEFAULT_GROUP_SIZE } from "../../vocabulary/defaults.ts";
import { MAX_DESTINATION_NAME_LENGTH, MAX_GROUP_SIZE } from "../../vocabulary/limits.ts";
import { care } from "./breaker-and-drain.ts";
import { flow } from "./flow.ts";

/** How a destination's dispatches share Workflow instances: 1 (an instance each) up to the most, which is the default. */
const groupSize = v.optional(
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_GROUP_SIZE)),
  DEFAULT_GROUP_SIZE,
);

/** The Workflow binding of every destination that has none of its own. */
export const DEFAULT_WORKFLOW = "DISPATCH";

/** What the Workflow binding of a destination's own is called: below `EVENTHUB_`, so that it cannot be a destination's name. */
const OWN_WORKFLOW = new RegExp(`^EVENTHUB_WORKFLOW_[A-Za-z0-9_]{1,${MAX_DESTINATION_NAME_LENGTH}}$`);

/**
 * The executor's binding of a Workflow of the destination's own, whose concurrency limit bounds what the consumer bears at once; left out, it
 * shares `DISPATCH` with the others.
 */
const workflow = v.exactOptional(
  v.pipe(
    v.string(),
    v.regex(OWN_WORKFLOW, ({ input }) => `must be like EVENTHUB_WORKFLOW_<name>, got ${JSON.stringify(input)}`),
  ),
);

/** `cloudevents`: it gets a CloudEvent 1.0 in the structured JSON form; left out, the payload as it is. */
export const format = v.exactOptional(v.literal("cloudevents"));

/** What destinations of every kind have. */
export const shared = { groupSize, workflow, ...care, ...flow };
