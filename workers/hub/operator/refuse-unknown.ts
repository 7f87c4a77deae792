import { destinationOf } from "../../../schema/config/routes.ts";
import { findDestination } from "../../../schema/queries/destinations/read-destinations.ts";
import { findRoute } from "../../../schema/queries/dispatches/find-route.ts";
import type { CheckedDispatchFilter } from "../../../schema/vocabulary/filters.ts";
import type { OperatorContext } from "./context.ts";
import { OperatorError } from "./operator-error.ts";

/**
 * Refuses a filter of bulk work with a name that neither the database nor the configuration knows. Otherwise, a mistyped name would be reported as
 * finished work. @throws OperatorError `invalid_arguments` with the place
 */
export async function refuseUnknownNames(
  { destination, route }: CheckedDispatchFilter,
  { database, config }: OperatorContext,
): Promise<void> {
  const refuse = (part: "destination" | "route", name: string) => {
    throw new OperatorError("invalid_arguments", `filter.${part}: there is no ${part} ${JSON.stringify(name)}`);
  };
  if (destination !== undefined) {
    const [row] = await database.run(findDestination(destination));
    const configured = row?.known === true ? undefined : config?.();
    if (row?.known !== true && (configured === undefined || destinationOf(configured, destination) === undefined))
      refuse("destination", destination);
  }
  if (route !== undefined && config?.()?.routes.some(({ name }) => name === route) !== true) {
    const [row] = await database.run(findRoute(route));
    if (row?.known !== true) refuse("route", route);
  }
}
