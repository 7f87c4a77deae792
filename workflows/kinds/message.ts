import type { ContextMessage, EventPayload } from "../../schema/contract/index.ts";
import type { CallItem } from "./kind.ts";

/** What is sent to what takes nothing beside its message: the payload, or also what a Worker would get beside it. */
export function messageOf(
  format: "cloudevents" | "context" | undefined,
  { payload, context }: Pick<CallItem, "payload" | "context">,
): EventPayload | ContextMessage {
  if (format !== "context") return payload;
  return { payload, context: { ...context, emittedAt: context.emittedAt.toISOString() } };
}
