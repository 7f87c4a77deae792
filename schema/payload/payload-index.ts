/** The index that `eventhub migrate` makes for each path in a configuration's `indexes`, and that the hub finds in the database's catalogue. */

/** The beginning of the names of these indexes. The rest is a hash of the place. */
export const PAYLOAD_INDEX_PREFIX = "events_at_";

/** The beginning of the comments of these indexes. The rest is the path as it was configured. An index without its comment is not used. */
export const PAYLOAD_INDEX_COMMENT = "Values at ";
