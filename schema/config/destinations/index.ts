import * as v from "valibot";
import { DEFAULT_GROUP_SIZE } from "../../vocabulary/defaults.ts";
import { cooldownFault } from "./flow.ts";
import { hub } from "./hub.ts";
import type { DestinationKind } from "./kind.ts";
import { queue } from "./queue.ts";
import { r2 } from "./r2.ts";
import { webhook } from "./webhook.ts";
import { worker } from "./worker.ts";
import { workflow } from "./workflow.ts";

export { destinationNameFault, RESERVED_BINDINGS } from "./names.ts";
export { DEFAULT_WORKFLOW, workflowsOf } from "./settings.ts";

/** Every kind of destination by its name in the configuration, in the order of the README. */
export const DESTINATION_KINDS = byName({ worker, r2, queue, workflow, hub, webhook });

/** Requires that each kind has the name that its schema declares. */
function byName<Kinds extends { readonly [Name in keyof Kinds & string]: DestinationKind<Name> }>(kinds: Kinds): Kinds {
  return kinds;
}

/** The lists of a wrangler configuration that may have a destination's binding, with what each holds. */
export const BINDING_LISTS: ReadonlyMap<string, string> = new Map(
  Object.values(DESTINATION_KINDS).flatMap(({ binding }) =>
    binding === undefined ? [] : [[binding.wrangler, binding.what] as const],
  ),
);

const Declared = v.variant(
  "kind",
  Object.values(DESTINATION_KINDS).map(({ schema }) => schema),
);

/** One declared destination as written: settings with a default may be left out. */
export type DestinationInput = v.InferInput<typeof Declared>;

/** The same in a configuration, where a `worker` need not declare its kind. */
export type WrittenDestination =
  | DestinationInput
  | (Omit<Extract<DestinationInput, { kind: "worker" }>, "kind"> & { kind?: never });

/** One declared destination. `kind` says what its binding in the executor is; default `worker`. */
export const Destination = v.pipe(
  v.custom<object>(
    (input) => typeof input === "object" && input !== null && !Array.isArray(input),
    "must be an object",
  ),
  v.transform((input): unknown => ("kind" in input ? input : { kind: "worker", ...input })),
  Declared,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { value } = dataset;
    const message = cooldownFault(value);
    if (message === undefined) return;
    const path = { type: "object", origin: "value", input: value, key: "cooldown", value: value.cooldown } as const;
    addIssue({ message, path: [path] });
  }),
);
export type Destination = v.InferOutput<typeof Destination>;

/** The destinations of one kind. */
export type DestinationOf<K extends Destination["kind"]> = Extract<Destination, { kind: K }>;

/** What a destination is if routes name it and nothing declares it. */
export const DEFAULT_DESTINATION: Destination = { kind: "worker", batch: false, groupSize: DEFAULT_GROUP_SIZE };

/** True if a destination gets several dispatches per call. */
export const isBatch = (destination: Destination | undefined): boolean =>
  destination !== undefined && "batch" in destination && destination.batch;
