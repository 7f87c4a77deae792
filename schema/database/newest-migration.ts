/** The newest of schema/migrations, which a database needs for this code. A test compares the two. */
export const NEWEST_MIGRATION = "0027_retrying";
