/** The newest of schema/migrations, which a database needs for this code. `npm run db:generate` writes it. */
export const NEWEST_MIGRATION = "0027_retrying";
