import type { ConsoleApp } from "../env.ts";
import { addBulk } from "./bulk.tsx";
import { addDestinations } from "./destinations.tsx";
import { addDispatch } from "./dispatch.tsx";
import { addDispatches } from "./dispatches.tsx";
import { addEmit } from "./emit.tsx";
import { addEvent } from "./event.tsx";
import { addEvents } from "./events.tsx";
import { addFigures } from "./figures.tsx";
import { addOperation } from "./operation.tsx";
import { addOperations } from "./operations.tsx";
import { addOverview } from "./overview.tsx";
import { addReplay } from "./replay.tsx";
import { addRoutes } from "./routes.tsx";
import { addSearch } from "./search.tsx";

/** Adds every page. Bulk actions stand before the pages of one, whose ids they would else be taken for. */
export function addPages(app: ConsoleApp): void {
  addOverview(app);
  addFigures(app);
  addDispatches(app);
  addBulk(app);
  addDispatch(app);
  addEvents(app);
  addReplay(app);
  addEmit(app);
  addEvent(app);
  addDestinations(app);
  addRoutes(app);
  addOperations(app);
  addOperation(app);
  addSearch(app);
}
