/** The package's version, as in package.json. Heartbeats report it for the running code. A test compares the two. */
export const VERSION = "1.0.0";
