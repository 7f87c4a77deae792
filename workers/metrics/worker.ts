import { createMetricsApp } from "./app.ts";

/** The metrics Worker as deployed. */
export default createMetricsApp();
