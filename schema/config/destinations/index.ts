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
export { DEFAULT_WORKFLOW } from "./settings.ts";

/** Every kind of destination by its name in the configuration, in the order of README. */
export const DESTINATION_KINDS = byName({ worker, r2, queue, workflow, hub, webhook });

/** Each kind under the name that its schema has. */
function byName<Kinds extends { readonly [Name in keyof Kinds & string]: DestinationKind<Name> }>(kinds: Kinds): Kinds {
  return kinds;
}

const Declared = v.variant(
  "kind",
  Object.values(DESTINATION_KINDS).map(({ schema }) => schema),
);

/** One declared destination as written: what has a default may be left out. */
export type DestinationInput = v.InferInput<typeof Declared>;

/** The same in a configuration, where a `worker` need not say that it is one. */
export type WrittenDestination =
  | DestinationInput
  | (Omit<Extract<DestinationInput, { kind: "worker" }>, "kind"> & { kind?: never });

/** One declared destination: `kind` tells what its binding in the executor is; `worker` where it is left out. */
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

/** What a destination is that routes name without declaring it. */
export const DEFAULT_DESTINATION: Destination = { kind: "worker", batch: false, groupSize: DEFAULT_GROUP_SIZE };

/** True if a destination gets many dispatches in one call. */
export const isBatch = (destination: Destination | undefined): boolean =>
  destination !== undefined && "batch" in destination && destination.batch;
