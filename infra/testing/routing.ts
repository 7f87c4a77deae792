import { type CompiledRoutes, compileRoutes } from "../../workers/hub/routing/index.ts";

/** A route configuration, as `import routing from "./routing.json"` gives it, or what `compileRoutes` has made of it. */
export type Routing = object | CompiledRoutes;

/** @throws RouteConfigError with every fault */
export const routesOf = (routing: Routing): CompiledRoutes =>
  "match" in routing && "explain" in routing ? routing : compileRoutes(routing);
