import type { Pool } from "pg";
import { migrate } from "../../../infra/cli/migrate/migrate.ts";

/** Which of the two sets of tables. */
export type Tables = "full" | "empty";

/** Our tables twice in one database. The set in use has the name that the statements use. */
export interface TwoSchemas {
  /** Selects these tables; only while no delivery is in progress. */
  use(tables: Tables): Promise<void>;
  /** Selects the full tables and drops the empty ones. */
  end(): Promise<void>;
}

/** Makes empty tables beside the existing ones, which become the full ones. At first the empty ones are in use. */
export async function makeTwoSchemas(url: string, database: Pool): Promise<TwoSchemas> {
  await database.query("alter schema eventhub rename to eventhub_full");
  await migrate(url);
  let used: Tables = "empty";
  const use = async (tables: Tables) => {
    if (tables === used) return;
    // One simple query is one transaction. Sessions make their cached plans again, by name.
    await database.query(
      `alter schema eventhub rename to eventhub_${used}; alter schema eventhub_${tables} rename to eventhub`,
    );
    used = tables;
  };
  return {
    use,
    end: async () => {
      await use("full");
      await database.query("drop schema eventhub_empty cascade");
    },
  };
}
