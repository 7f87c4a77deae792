/** Reads rows with drizzle. */
import { dispatches, openDatabase } from "cf-eventhub-workflows/schema";
import { eq } from "drizzle-orm";

export const failed = eq(dispatches.status, "failed");
export const open = (url: string) => openDatabase({ url });
