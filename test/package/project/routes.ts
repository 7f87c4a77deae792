/** Tries routes without a Worker. */
import { compileRoutes, RouteConfigError } from "cf-eventhub-workflows/routing";
import routing from "./routing.json" with { type: "json" };

export const names: string[] = compileRoutes(routing)
  .match({ kind: "order.paid" })
  .map((route) => route.name);
export const isFaulty = (error: unknown): boolean => error instanceof RouteConfigError;
