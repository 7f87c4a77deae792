import { join } from "node:path";
import { packageRoot } from "../package-root.ts";
import { alertsFile } from "./alerts.ts";
import { dashboard } from "./dashboard.ts";

const FOLDER = join(packageRoot(), "infra", "monitoring");

/** The files for Grafana and Prometheus, by their paths. */
export const MONITORING_FILES: Readonly<Record<string, () => string>> = {
  [join(FOLDER, "dashboard.json")]: () => `${JSON.stringify(dashboard(), null, 2)}\n`,
  [join(FOLDER, "alerts.yml")]: alertsFile,
};
