/** `npm run monitoring:write`: writes the dashboard and the alert rules for Grafana and Prometheus. A test checks that they are up to date. */
import { writeFile } from "node:fs/promises";
import { readBareCall } from "../cli/script-call.ts";
import { MONITORING_FILES } from "./files.ts";

readBareCall("monitoring:write", "Writes the dashboard and the alert rules for Grafana and Prometheus.");

for (const [path, text] of Object.entries(MONITORING_FILES)) await writeFile(path, text());
