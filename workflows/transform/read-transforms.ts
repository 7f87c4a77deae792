import { at, Faults, placeName, RouteConfigError } from "../../schema/config/faults.ts";
import type { RouteConfig } from "../../schema/config/routes.ts";
import { compileTransform, type Transform } from "./compile.ts";
import { TransformFault } from "./fault.ts";

/** The transform of a route. */
export interface RouteTransform extends Transform {
  /** Its place in the configuration, such as `routes[2].transform`. */
  place: string;
}

/** The transforms of a configuration, by the names of their routes. */
export type Transforms = ReadonlyMap<string, RouteTransform>;

const compiled = new WeakMap<RouteConfig, Transforms>();

/** Compiles the transforms of a configuration, and adds what is wrong with them to `faults`. */
export function readTransforms(config: Pick<RouteConfig, "routes">, faults: Faults): Transforms {
  const transforms = new Map<string, RouteTransform>();
  for (const [index, { name, transform }] of config.routes.entries()) {
    if (transform === undefined || name === undefined) continue;
    const place = at(at(at(undefined, "routes"), index), "transform");
    try {
      transforms.set(name, { ...compileTransform(transform), place: placeName(place) });
    } catch (error) {
      if (!(error instanceof TransformFault)) throw error;
      faults.add(place, error.message);
    }
  }
  return transforms;
}

/** The transforms of a configuration, compiled once per isolate. @throws RouteConfigError with every fault */
export function transformsOf(config: RouteConfig): Transforms {
  const known = compiled.get(config);
  if (known !== undefined) return known;
  const faults = new Faults();
  const transforms = readTransforms(config, faults);
  if (faults.list.length > 0) throw new RouteConfigError(faults.list);
  compiled.set(config, transforms);
  return transforms;
}
