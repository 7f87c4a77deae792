import type { Pool } from "pg";
import { migrate } from "../../../infra/cli/migrate.ts";

/** Which of the two sets of tables. */
export type Tables = "full" | "empty";

/** Our tables twice in one database: whichever is in use has the name that the statements know. */
export interface TwoSchemas {
  /** Puts these tables in use; only while no delivery is under way. */
  use(tables: Tables): Promise<void>;
  /** Puts the full ones in use and drops the empty ones. */
  end(): Promise<void>;
}

/** Takes the tables that there are for the full ones, and makes empty ones beside them, which are in use then. */
export async function makeTwoSchemas(url: string, database: Pool): Promise<TwoSchemas> {
  await database.query("alter schema eventhub rename to eventhub_full");
  await migrate(url);
  let used: Tables = "empty";
  const use = async (tables: Tables) => {
    if (tables === used) return;
    // One simple query is one transaction. Plans that sessions keep are made anew, by name.
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
