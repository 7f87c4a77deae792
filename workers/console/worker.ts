import { createApp } from "./app.ts";

/** The console as it is deployed. */
export default createApp();
