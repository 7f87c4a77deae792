/** The newest of schema/migrations: what a database has had that this code fits. A test holds them together. */
export const NEWEST_MIGRATION = "0016_events";
