/** Limits of what a configuration says about events: indexes of payloads, and the definitions of kinds. */

/**
 * The most paths into payloads that have an index. Each index slows every emit, and takes some 60 bytes of disk per event with such a path. Ours.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_PAYLOAD_INDEXES = 10;

/** The most kinds of events that a configuration defines. @beyond The configuration is refused, with the place of the fault. */
export const MAX_EVENT_KINDS = 2_000;

/**
 * The longest name of a defined kind, its longest version, and the longest name of the member that names kinds, in Unicode code points.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_EVENT_KIND_LENGTH = 200;

/** The longest description of a kind of event, in Unicode code points. @beyond The configuration is refused, with the place of the fault. */
export const MAX_EVENT_DESCRIPTION_LENGTH = 1_000;

/** The most faults of events that the answer of one call lists, and that are stored with one event. @beyond The first faults are told. */
export const MAX_EVENT_FAULTS = 20;

/** The longest fault of an event, in UTF-16 units. @beyond The text is cut. */
export const MAX_EVENT_FAULT_LENGTH = 300;
