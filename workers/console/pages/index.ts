import type { ConsoleApp } from "../env.ts";
import { addReplay } from "./bulk/replay.tsx";
import { addBulk } from "./bulk/retry-cancel.tsx";
import { addDestination } from "./destinations/destination.tsx";
import { addDestinations } from "./destinations/destinations.tsx";
import { addKeyActions } from "./destinations/key-actions.tsx";
import { addDispatch } from "./dispatches/dispatch.tsx";
import { addDispatches } from "./dispatches/dispatches.tsx";
import { addEmit } from "./emit/emit.tsx";
import { addEvent } from "./events/event.tsx";
import { addEvents } from "./events/events.tsx";
import { addKinds } from "./events/kinds.tsx";
import { addOperation } from "./operations/operation.tsx";
import { addOperations } from "./operations/operations.tsx";
import { addFigures } from "./overview/figures.tsx";
import { addOverview } from "./overview/overview.tsx";
import { addRoutes } from "./routes/routes.tsx";
import { addSearch } from "./search/search.ts";

/** Adds every page. Bulk actions stand before the pages of one, whose ids they would else be taken for. */
export function addPages(app: ConsoleApp): void {
  addOverview(app);
  addFigures(app);
  addDispatches(app);
  addBulk(app);
  addDispatch(app);
  addEvents(app);
  addReplay(app);
  addKinds(app);
  addEmit(app);
  addEvent(app);
  addDestinations(app);
  addDestination(app);
  addKeyActions(app);
  addRoutes(app);
  addOperations(app);
  addOperation(app);
  addSearch(app);
}
