import { all, type Input, log, type Output, type Resource } from "@pulumi/pulumi";
import { openDatabase } from "../../schema/database/connection.ts";
import type { RecentEvent } from "../../schema/queries/events/read-recent-events.ts";
import { printable } from "../../schema/text/printable.ts";
import { DEFAULT_COMPARED_EVENTS } from "../../schema/vocabulary/defaults.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { diffText, storedText } from "../cli/events/report-text.ts";
import { compareRoutes } from "../cli/routes/compare.ts";
import { formatComparison } from "../cli/routes/comparison-text.ts";
import { recentEvents } from "../cli/routes/recent-events.ts";
import { checkStored } from "../events/check-stored.ts";
import { diffEvents } from "../events/diff.ts";
import type { RoutePreview } from "./arguments.ts";

/** The deployed routes, and the database whose events are used. */
interface PreviewSources {
  configuration: unknown;
  databaseUrl: Output<string>;
  databaseEndpoint: Input<string> | undefined;
  resource: Resource;
}

/** Reports in the preview what the new routes would have done with stored events. A problem with that is only a warning, and stops no deployment. */
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
      for (const text of await eventChanges(deployed, configuration, () =>
        recentEvents(database, count, { producers: true }),
      ))
        await log.info(text, resource);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await log.warn(printable(`the routes were not compared with stored events: ${reason}`), resource);
    }
  });
}

/** How the definition of events changes, and how it fits stored events. */
async function eventChanges(
  deployed: unknown,
  configuration: unknown,
  stored: () => AsyncGenerator<RecentEvent>,
): Promise<string[]> {
  const [before, after] = [compileRoutes(deployed).events, compileRoutes(configuration).events];
  if (before === undefined && after === undefined) return [];
  const changes = diffText(diffEvents(before, after));
  return after === undefined ? [changes] : [changes, storedText(await checkStored(after, stored()))];
}
