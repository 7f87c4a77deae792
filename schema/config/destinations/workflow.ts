import * as v from "valibot";
import type { DestinationKind } from "./kind.ts";
import { format, shared } from "./settings.ts";

const schema = v.pipe(
  v.strictObject({ kind: v.literal("workflow"), ...shared, format }),
  v.description("the binding of a Workflow of yours"),
);

/** A Workflow of the user's own: an instance for each dispatch. */
export const workflow = {
  schema,
  binding: { class: "WorkflowImpl", what: "a Workflow", pulumi: "workflow", wrangler: "workflows" },
  target: {
    /** Name of the Workflow. */
    workflowName: { is: "name", pulumi: "workflowName", wrangler: "name" },
    /** The class that it runs, and the Worker that exports that. */
    className: { is: "name", pulumi: "className", wrangler: "class_name" },
    scriptName: { is: "name", pulumi: "scriptName", wrangler: "script_name" },
  },
} as const satisfies DestinationKind<"workflow">;
