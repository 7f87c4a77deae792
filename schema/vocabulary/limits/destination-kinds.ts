/** Limits of the settings that only one kind of destination has. */

/** The longest prefix of an R2 destination's keys, in characters. Ours. @beyond The configuration is refused, with the place of the fault. */
export const MAX_PREFIX_LENGTH = 200;

/** The longest URL of a webhook, in characters. Ours. @beyond The configuration is refused, with the place of the fault. */
export const MAX_URL_LENGTH = 2_000;

/** The longest name of a webhook's own header, in characters. Ours. @beyond The configuration is refused, with the place of the fault. */
export const MAX_HEADER_NAME_LENGTH = 100;

/**
 * The longest value of a webhook's own header, in characters. Ours: what a token needs.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_HEADER_VALUE_LENGTH = 1_000;

/**
 * The fewest random bytes of a webhook's key, from the standard.
 *
 * @beyond The dispatch is `misconfigured`.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 */
export const MIN_WEBHOOK_KEY_BYTES = 24;

/** The most random bytes of a webhook's key, from the standard. @beyond The dispatch is `misconfigured`. */
export const MAX_WEBHOOK_KEY_BYTES = 64;
