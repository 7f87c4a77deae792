/* biome-ignore-all assist/source/organizeImports: the order is that of schema/limits.md */
/**
 * Every limit of ours that is published, or that more than one file uses, by subject. The headings are those of schema/limits.md. The platform's limits
 * are in platform-limits.ts.
 */

// Payloads and calls of `emit`

export * from "./limits/emit.ts";

// Trace context

export * from "./limits/traces-and-logs.ts";

// Times of a dispatch

export * from "./limits/retries-and-times.ts";

// Delivery

export * from "./limits/delivery.ts";

// Route configurations. With these limits, a full one fits an isolate's 128 MB and its start-up time

export * from "./limits/routes.ts";
export * from "./limits/health.ts";
export * from "./limits/events.ts";
export * from "./limits/conditions.ts";

// Transforms

export * from "./limits/transforms.ts";

// Destinations

export * from "./limits/destinations.ts";
export * from "./limits/instances.ts";
export * from "./limits/flow.ts";
export * from "./limits/queue.ts";
export * from "./limits/destination-kinds.ts";

// Operators

export * from "./limits/comparisons-and-tokens.ts";

// Texts

export * from "./limits/texts.ts";
