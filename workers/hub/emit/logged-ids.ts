import { traceIdOf } from "../../../schema/trace/traceparent.ts";
import { MAX_LOGGED_IDS } from "../../../schema/vocabulary/limits.ts";
import type { LogFields } from "../../../schema/vocabulary/log-events.ts";

/** The fields that identify an event in the log. */
export interface Identified {
  id: string;
  traceparent?: string | null | undefined;
}

/** The ids of the first events, for one log line. */
export const loggedIds = (events: readonly Identified[]): LogFields<"event.emitted">["ids"] =>
  events.slice(0, MAX_LOGGED_IDS).map(({ id: eventId, traceparent }) => ({ eventId, traceId: traceIdOf(traceparent) }));
