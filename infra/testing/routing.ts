import { type CompiledRoutes, compileRoutes } from "../../workers/hub/routing/index.ts";

/** A route configuration, as imported with `import routing from "./routing.json"`, or the result of `compileRoutes`. */
export type Routing = object | CompiledRoutes;

/** @throws RouteConfigError with every fault */
export const routesOf = (routing: Routing): CompiledRoutes =>
  "match" in routing && "explain" in routing ? routing : compileRoutes(routing);
