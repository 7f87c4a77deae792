import * as v from "valibot";
import type { DestinationKind } from "./kind.ts";
import { messageFormat, shared } from "./settings.ts";

const schema = v.pipe(
  v.strictObject({ kind: v.literal("workflow"), ...shared, format: messageFormat }),
  v.description("the binding of a Workflow of yours"),
);

/** A Workflow of the user, with one instance per dispatch. */
export const workflow = {
  summary: "A Workflow of yours: one instance per event.",
  schema,
  binding: { class: "WorkflowImpl", method: "create", what: "a Workflow", pulumi: "workflow", wrangler: "workflows" },
  target: {
    /** The name of the Workflow. */
    workflowName: { is: "name", pulumi: "workflowName", wrangler: "name" },
    /** The class that it runs, and the Worker that exports this class. */
    className: { is: "name", pulumi: "className", wrangler: "class_name" },
    scriptName: { is: "name", pulumi: "scriptName", wrangler: "script_name" },
  },
} as const satisfies DestinationKind<"workflow">;
