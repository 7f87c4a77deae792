import { all, type Input, log, type Output, type Resource } from "@pulumi/pulumi";
import { openDatabase } from "../../schema/database/connection.ts";
import type { RecentEvent } from "../../schema/queries/events/read-recent-events.ts";
import { printable } from "../../schema/text/printable.ts";
import { DEFAULT_COMPARED_EVENTS } from "../../schema/vocabulary/defaults.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { diffText, storedText } from "../cli/events/text.ts";
import { compareRoutes } from "../cli/routes/compare.ts";
import { formatComparison } from "../cli/routes/format.ts";
import { recentEvents } from "../cli/routes/recent-events.ts";
import { diffEvents } from "../events/diff.ts";
import { checkStored } from "../events/stored.ts";
import type { RoutePreview } from "./arguments.ts";

/** What the routes are compared with, and over which database. */
interface PreviewSources {
  configuration: unknown;
  databaseUrl: Output<string>;
  databaseEndpoint: Input<string> | undefined;
  resource: Resource;
}

/** Says in the preview what the new routes would have done with stored events. Trouble with that is a warning: it stops no deployment. */
export function previewRoutes({ against, events }: RoutePreview, sources: PreviewSources): void {
  const { configuration, databaseUrl, databaseEndpoint, resource } = sources;
  all([databaseUrl, databaseEndpoint, against]).apply(async ([url, endpoint, deployed]) => {
    if (deployed === undefined || deployed === null) return;
    try {
      const database = openDatabase({ url, endpoint });
      const count = events ?? DEFAULT_COMPARED_EVENTS;
      const stored = recentEvents(database, count);
      const comparison = await compareRoutes(compileRoutes(deployed), compileRoutes(configuration), stored);
      await log.info(formatComparison(comparison), resource);
      for (const text of await eventChanges(deployed, configuration, () => recentEvents(database, count)))
        await log.info(text, resource);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await log.warn(printable(`the routes were not compared with stored events: ${reason}`), resource);
    }
  });
}

/** What changes of the events' definition, and what it would say of stored events. */
async function eventChanges(
  deployed: unknown,
  configuration: unknown,
  stored: () => AsyncGenerator<RecentEvent>,
): Promise<string[]> {
  const [before, after] = [compileRoutes(deployed).events, compileRoutes(configuration).events];
  if (after === undefined) return [];
  const changes = before === undefined ? [] : [diffText(diffEvents(before, after))];
  return [...changes, storedText(await checkStored(after, stored()))];
}
