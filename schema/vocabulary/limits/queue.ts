/** Limits of the messages about dispatches. */

import { BILLED_MESSAGE_BYTES } from "../platform-limits.ts";

/**
 * The largest message about dispatches that we send, in bytes: a Queue bills it as one. The Queue would take twice as much.
 *
 * @beyond The dispatches go in several messages.
 */
export const MAX_MESSAGE_BYTES = BILLED_MESSAGE_BYTES;
