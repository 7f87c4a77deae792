import type * as v from "valibot";

/** An argument of a deployment that becomes part of the executor's binding. */
interface NameArgument<Field extends string> {
  /** `name`: the thing that it names may be deployed only later. `name, if any`: it may be left out; if it is given, its value is known. */
  readonly is: "name" | "name, if any";
  /** The name of this part of the binding, in Pulumi and in a wrangler configuration. */
  readonly pulumi: Field;
  readonly wrangler: string;
}

/**
 * An argument of a deployment that becomes secrets of the executor, such as those with which webhooks sign. The route configuration has their names.
 */
interface SecretsArgument {
  readonly is: "secrets";
}

/** What a deployment says about a destination beside its route configuration: the target of its binding, or its secrets. */
export type TargetArgument<Field extends string = string> = NameArgument<Field> | SecretsArgument;

/** The executor's binding with the destination's name. */
export interface DestinationBinding {
  /** The name of its class in workerd (`constructor.name`). */
  readonly class: string;
  /** What the executor calls of it, for a dispatch by itself. */
  readonly method: string;
  /** A noun for it, in sentences such as "the executor's binding A is a Queue, not a Worker". */
  readonly what: string;
  /** Its type in Pulumi, and its list in a wrangler configuration, such as `queues.producers`. */
  readonly pulumi: string;
  readonly wrangler: string;
}

/**
 * One kind of destination: how it is declared, and what it needs. Its calls are in workflows/kinds.
 *
 * @typeParam Field The names that parts of a binding have in Pulumi.
 */
export interface DestinationKind<Name extends string = string, Field extends string = string> {
  /** What such a destination is, in one sentence. */
  readonly summary: string;
  /** The schema of a declared destination in the route configuration. Its description tells the README how to declare one. */
  readonly schema: v.GenericSchema<{ kind: Name }, { kind: Name }>;
  /** `undefined` if the kind has none, because the declared settings suffice to call it. */
  readonly binding: DestinationBinding | undefined;
  /** The arguments that a deployment with Pulumi takes beside the declared settings. The binding is made from them. */
  readonly target: Readonly<Record<string, TargetArgument<Field>>>;
  /** Checks of declared settings, by name. A fault is allowed in a local stack, and refused in a deployment. */
  readonly deployedFaults?: Readonly<Record<string, (setting: unknown) => string | undefined>>;
}
