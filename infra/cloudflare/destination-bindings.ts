import { type Input, RunError, secret } from "@pulumi/pulumi";
import { DESTINATION_KINDS, destinationNameFault } from "../../schema/config/destinations/index.ts";
import type { DestinationKind } from "../../schema/config/destinations/kind.ts";
import { isWebhookSecret, WEBHOOK_SECRET_RULE } from "../../schema/config/destinations/webhook-secret.ts";
import { at, type Faults, isRecord, type Place, show } from "../../schema/config/faults.ts";
import type { DestinationArgs } from "./arguments.ts";
import type { Binding } from "./deploy-worker.ts";

/** The kinds, with the names that Pulumi uses for parts of bindings. */
const KINDS: Readonly<Record<DestinationArgs["kind"], DestinationKind<string, keyof Binding>>> = DESTINATION_KINDS;

/** The kind with this name. */
const kindOf = (name: unknown): DestinationKind | undefined =>
  Object.hasOwn(KINDS, String(name)) ? KINDS[name as DestinationArgs["kind"]] : undefined;

/** The executor's bindings for a destination: the one with its name, or the secrets that it needs. */
export function bindingsOf(name: string, destination: DestinationArgs): Binding[] {
  const { binding, target } = KINDS[destination.kind];
  const fields: Record<string, Input<string>> = {};
  const secrets: Binding[] = [];
  for (const [key, argument] of Object.entries(target)) {
    const value = (destination as Readonly<Record<string, unknown>>)[key];
    if (argument.is === "secrets") secrets.push(...secretBindings(value as Readonly<Record<string, Input<string>>>));
    else if (value !== undefined) fields[argument.pulumi] = value as Input<string>;
  }
  return [...(binding === undefined ? [] : [{ type: binding.pulumi, name, ...fields }]), ...secrets];
}

const secretBindings = (secrets: Readonly<Record<string, Input<string>>>): Binding[] =>
  Object.entries(secrets).map(([name, text]) => ({
    type: "secret_text",
    name,
    text: secret(text).apply((value) => checkedSecret(name, value)),
  }));

/** Splits a destination into its settings in the route configuration, and the arguments of its binding. Adds the faults of the latter. */
export function splitDestination(destination: object, place: Place, faults: Faults): Record<string, unknown> {
  const { workflow: _, ...settings } = destination as Record<string, unknown>;
  // The route configuration refuses an unknown kind.
  for (const [key, { is }] of Object.entries(kindOf(settings.kind)?.target ?? {})) {
    const value = settings[key] as Input<unknown>;
    delete settings[key];
    if (is === "secrets") settings[key] = readSecrets(value, at(place, key), faults);
    else if ((value === undefined && is === "name") || value === "" || value === null) {
      faults.add(at(place, key), `must be a name, got ${show(value)}`);
    }
  }
  return settings;
}

/** The names of secrets: the route configuration contains nothing else of them. */
function readSecrets(secrets: unknown, place: Place, faults: Faults): string[] | undefined {
  if (!isRecord(secrets)) {
    // Not shown, since it may be a secret.
    faults.add(place, "must be an object of secrets by name");
    return undefined;
  }
  for (const [name, value] of Object.entries(secrets)) {
    const fault = destinationNameFault(name);
    if (fault !== undefined) faults.add(at(place, name), fault);
    // Not shown, since it may be part of a secret. An output is checked once it is known.
    if (value === undefined || value === null || value === "") faults.add(at(place, name), "must be a secret");
    else if (typeof value === "string" && !isWebhookSecret(value)) faults.add(at(place, name), WEBHOOK_SECRET_RULE);
  }
  return Object.keys(secrets);
}

/** Checks a secret that only the deployment knows, such as one of the stack's configuration. @throws RunError without the secret */
function checkedSecret(name: string, value: string): string {
  if (isWebhookSecret(value)) return value;
  throw new RunError(`the webhooks' secret ${name} ${WEBHOOK_SECRET_RULE}`);
}

/** Refuses settings that only the executor of a local stack may have, and that the route configuration leaves to the executor. */
export function checkDeployed(settings: Readonly<Record<string, unknown>>, place: Place, faults: Faults): void {
  for (const [key, faultOf] of Object.entries(kindOf(settings.kind)?.deployedFaults ?? {})) {
    const fault = faultOf(settings[key]);
    if (fault !== undefined) faults.add(at(place, key), fault);
  }
}

/** Two things with one name would be one binding. Destinations may share a secret if its value is the same. */
export function checkBindingNames(destinations: Readonly<Record<string, unknown>>, faults: Faults): void {
  const seen = new Map<string, unknown>();
  for (const { place, name, value } of secretsOf(destinations)) {
    if (Object.hasOwn(destinations, name)) faults.add(place, "is the name of a destination already");
    else if (seen.has(name) && seen.get(name) !== value) faults.add(place, "is the name of another secret already");
    seen.set(name, value);
  }
}

function secretsOf(destinations: Readonly<Record<string, unknown>>): { place: Place; name: string; value: unknown }[] {
  return Object.entries(destinations).flatMap(([destination, args]) => {
    if (!isRecord(args)) return [];
    return Object.entries(kindOf(args.kind)?.target ?? {}).flatMap(([key, { is }]) => {
      const secrets = args[key];
      if (is !== "secrets" || !isRecord(secrets)) return [];
      const place = at(at(at(undefined, "destinations"), destination), key);
      return Object.entries(secrets).map(([name, value]) => ({ place: at(place, name), name, value }));
    });
  });
}
