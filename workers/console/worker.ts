import { createApp } from "./app.ts";

/** The console as deployed. */
export default createApp();
