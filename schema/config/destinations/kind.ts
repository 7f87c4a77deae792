import type * as v from "valibot";

/** An argument of a deployment that becomes a part of the executor's binding. */
interface NameArgument<Field extends string> {
  /** `name`: of something that may be deployed only later; `name, if any`: one that may be left out, and is known if it is given. */
  readonly is: "name" | "name, if any";
  /** What the binding calls it, in Pulumi and in a wrangler configuration. */
  readonly pulumi: Field;
  readonly wrangler: string;
}

/** An argument of a deployment that becomes secrets of the executor's, by name, as webhooks sign with; the route configuration has their names. */
interface SecretsArgument {
  readonly is: "secrets";
}

/** What a deployment says of a destination beside its route configuration: where its binding leads, or its secrets. */
export type TargetArgument<Field extends string = string> = NameArgument<Field> | SecretsArgument;

/** The executor's binding that has a destination's name. */
export interface DestinationBinding {
  /** Its class in workerd, by `constructor.name`. */
  readonly class: string;
  /** What it is, in a sentence such as "the executor's binding A is a Queue, not a Worker". */
  readonly what: string;
  /** Its type in Pulumi, and the list that it stands in in a wrangler configuration, such as `queues.producers`. */
  readonly pulumi: string;
  readonly wrangler: string;
}

/**
 * One kind of destination: how it is declared and what it needs. What a call of it means is in workflows/kinds.
 * @typeParam Field the names that parts of a binding have in Pulumi
 */
export interface DestinationKind<Name extends string = string, Field extends string = string> {
  /** One declared destination in the route configuration; its description says for README how it is declared. */
  readonly schema: v.GenericSchema<{ kind: Name }, { kind: Name }>;
  /** `undefined` if it has none: it is called by what is declared. */
  readonly binding: DestinationBinding | undefined;
  /** What a deployment with Pulumi takes beside the declared settings, by argument; the binding is made of it. */
  readonly target: Readonly<Record<string, TargetArgument<Field>>>;
  /** Faults of declared settings, by name, that only an executor at home may have: a deployment refuses them. */
  readonly deployedFaults?: Readonly<Record<string, (setting: unknown) => string | undefined>>;
}
