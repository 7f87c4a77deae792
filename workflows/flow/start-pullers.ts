import type { SQL } from "drizzle-orm";
import { flowRulesOf } from "../../schema/config/destinations/flow.ts";
import { DEFAULT_WORKFLOW } from "../../schema/config/destinations/index.ts";
import { destinationOf, type RouteConfig } from "../../schema/config/routes.ts";
import type { Database } from "../../schema/database/connection.ts";
import { type Arrival, arrive, leavePacing, type sweep } from "../../schema/queries/flow/arrive.ts";
import type { idArray } from "../../schema/queries/fragments/list-conditions.ts";
import { errorText, log } from "../../schema/text/log.ts";
import { type Pull, sizeOf, type Work } from "../group.ts";

/** What is needed to start Workflow instances for a destination with limits or an order. */
export interface Starting {
  database: Database;
  config: RouteConfig;
  /** The Workflow behind a binding's name. */
  workflowOf(name: string): Workflow<Work> | undefined;
  /** The instance that asks, if it goes: it does not look again, whatever it was to do. */
  leaving?: string;
  /** One asks that may take no more while there is more. */
  full?: boolean;
}

/**
 * Tells the database that these dispatches are there or done with ({@link idArray}, or what {@link sweep} finds), and creates the Workflow instances
 * that it wants for them.
 * @returns How many; `undefined` if it is not certain that they are there: what this was for comes again.
 */
export async function startPullers(
  destination: string,
  ids: SQL,
  { database, config, workflowOf, leaving, full = false }: Starting,
): Promise<number | undefined> {
  try {
    const declared = destinationOf(config, destination);
    const rules = flowRulesOf(declared) ?? {};
    const told = arrive(destination, ids, { rules, size: sizeOf(declared), full });
    const [row] =
      leaving === undefined
        ? (await database.transaction<[{ arrival: Arrival }]>([told]))[0]
        : (await database.transaction<[never, { arrival: Arrival }]>([leavePacing(destination, leaving), told]))[1];
    const { wanted = 0, dueInMs = 0 } = row?.arrival ?? {};
    if (wanted === 0) return 0;
    const name = declared?.workflow ?? DEFAULT_WORKFLOW;
    const params: Pull = { workflow: name, destination, waitMs: dueInMs ?? 0 };
    const instances = Array.from({ length: wanted }, () => ({ id: `flow-${crypto.randomUUID()}`, params }));
    if (await create(workflowOf(name), instances)) return wanted;
    // Nor does the one look again that was to: else what this was for comes again, and is told that it does.
    await database.run(leavePacing(destination, ""));
    return undefined;
  } catch (error) {
    log("warn", "flow.not_started", { destination, error: errorText(error) });
    return undefined;
  }
}

/** Whether they are there for certain. */
async function create(
  workflow: Workflow<Work> | undefined,
  instances: { id: string; params: Work }[],
): Promise<boolean> {
  if (workflow === undefined) return false;
  try {
    const { errors } = await workflow.createBatch({ instances });
    if (errors.length > 0)
      log("warn", "instances.refused", { code: errors[0]?.code ?? 0, error: errors[0]?.message ?? "" });
    return errors.length === 0;
  } catch (error) {
    log("warn", "instances.refused", { code: 0, error: errorText(error) });
    return false;
  }
}
