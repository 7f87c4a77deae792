import type { SQL } from "drizzle-orm";
import { flowRulesOf } from "../../schema/config/destinations/flow.ts";
import { DEFAULT_WORKFLOW, workflowsOf } from "../../schema/config/destinations/index.ts";
import { destinationOf, type RouteConfig } from "../../schema/config/routes.ts";
import type { Database } from "../../schema/database/connection.ts";
import { type Arrival, arrive, leavePacing, type sweep } from "../../schema/queries/flow/arrive.ts";
import type { idArray } from "../../schema/queries/fragments/list-conditions.ts";
import { errorText } from "../../schema/text/error-text.ts";
import { log } from "../../schema/text/log.ts";
import { type Pull, sizeOf, type Work } from "../group.ts";
import { newPullerId } from "../instance-id.ts";

/** What is needed to start Workflow instances for a destination with limits or an order. */
export interface Starting {
  database: Database;
  config: RouteConfig;
  /** The Workflow with this binding name. */
  workflowOf(name: string): Workflow<Work> | undefined;
  /** The instance that asks, if it ends: it will not look again, even if it was supposed to. */
  leaving?: string;
  /** The caller cannot take more, although there is more. */
  full?: boolean;
}

/**
 * Tells the database that these dispatches have arrived or have ended ({@link idArray}, or what {@link sweep} finds), and creates the Workflow
 * instances that it asks for.
 *
 * @returns How many; `undefined` if it is not certain that they exist: the message comes again.
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
    const names = workflowsOf(declared);
    const firstAt = Math.floor(Math.random() * names.length);
    const instances = Array.from({ length: wanted }, (_, n) => {
      const params: Pull = {
        workflow: names[(firstAt + n) % names.length] ?? DEFAULT_WORKFLOW,
        destination,
        waitMs: dueInMs ?? 0,
      };
      return { id: newPullerId(), params };
    });
    const byWorkflow = [...Map.groupBy(instances, ({ params }) => params.workflow)];
    const created = await Promise.all(byWorkflow.map(([name, its]) => create(workflowOf(name), its)));
    if (created.every(Boolean)) return wanted;
    // The requested instance will not look again either. Otherwise the repeated message would be told that it does.
    await database.run(leavePacing(destination, ""));
    return undefined;
  } catch (error) {
    log("warn", "flow.not_started", { destination, error: errorText(error) });
    return undefined;
  }
}

/** Creates instances. True if they certainly exist. */
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
