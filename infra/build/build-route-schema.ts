/** A part of `npm run build`: routing.schema.json, with which editors complete and check a route configuration. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";
import { routeSchema } from "./route-schema/schema.ts";

writeFileSync(join(packageRoot(), "routing.schema.json"), `${JSON.stringify(routeSchema(), null, 2)}\n`);
