import { DATABASE_BUDGET_MS } from "../schema/database/connection.ts";

/** The time that one step may take besides the call, in seconds: for the claim, and for two flushes one after the other, each with all its tries. */
export const STEP_BUDGET_SECONDS = (3 * DATABASE_BUDGET_MS) / 1_000 + 15;

/**
 * The timeout of the step around a call, and the lease of its claim, in seconds. It is longer than everything that the step does, so that two runs of
 * the step never overlap.
 */
export const stepTimeoutSeconds = (callTimeoutSeconds: number) => callTimeoutSeconds + STEP_BUDGET_SECONDS;
