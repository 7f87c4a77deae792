/** Limits of destinations. Those of the Workflow instances that call them are in instances.ts. */

/**
 * The longest name of a destination, in characters: it is the name of a binding.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_DESTINATION_NAME_LENGTH = 100;

/**
 * The most Workflows of one destination. Ours: an account creates instances three times as fast as one of its Workflows.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_OWN_WORKFLOWS = 16;
