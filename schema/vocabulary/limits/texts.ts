/** Limits of the texts and names that people give, and of the texts of errors. */

/**
 * The longest reason that is stored for an attempt, or given for a pause, in characters.
 *
 * @beyond The reason of an attempt is cut. A longer reason for a pause is refused.
 */
export const MAX_REASON_LENGTH = 1_000;

/**
 * The longest text of an error that something threw, in a log line or a reason, in UTF-16 units.
 *
 * @beyond It is cut.
 */
export const MAX_ERROR_LENGTH = 300;

/** The longest name of an actor, in characters. @beyond The call is refused: `[invalid_arguments]`. */
export const MAX_ACTOR_LENGTH = 200;

/**
 * The longest name of an environment that the console shows, in characters.
 *
 * @beyond The console refuses to work, and the component refuses the configuration.
 */
export const MAX_ENVIRONMENT_NAME_LENGTH = 40;

/**
 * The longest `name` of an EventHub's resources, in characters. With the longest suffix, it is the name of a queue or a Worker, which has at most 63.
 *
 * @beyond The component refuses the `name`. Names that it makes itself are cut, with a hash.
 */
export const MAX_RESOURCE_NAME_LENGTH = 50;
