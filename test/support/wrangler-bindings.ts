import { DESTINATION_KINDS } from "../../schema/config/destinations/index.ts";
import type { DestinationBinding, DestinationKind } from "../../schema/config/destinations/kind.ts";
import type { WranglerConfig } from "./wrangler-config.ts";

/** A binding of a Worker's version. */
export interface Binding {
  type: string;
  name: string;
  [field: string]: unknown;
}

/** A type of binding with its names in Pulumi, in wrangler and in an EventHub's arguments. Several kinds may have the same type. */
interface BindingType extends DestinationBinding {
  kind: string;
  fields: { argument: string; pulumi: string; wrangler: string }[];
}

const TYPES: readonly BindingType[] = Object.entries<DestinationKind>(DESTINATION_KINDS).flatMap(
  ([kind, { binding, target }]) => {
    const fields = Object.entries(target).flatMap(([argument, words]) =>
      words.is === "secrets" ? [] : [{ argument, pulumi: words.pulumi, wrangler: words.wrangler }],
    );
    return binding === undefined ? [] : [{ ...binding, kind, fields }];
  },
);

/** Each type of binding, with the names of the first kind that has it. */
const BINDING_TYPES = TYPES.filter(({ pulumi }, index) => TYPES.findIndex((one) => one.pulumi === pulumi) === index);

/** Pulumi's name for the binding of a Durable Object, which no destination has. */
const DURABLE_OBJECT = "durable_object_namespace";

/**
 * A version's bindings as a wrangler configuration.
 *
 * @throws Error for a binding that wrangler's local configuration cannot express.
 */
export function toWrangler(bindings: readonly Binding[], worker: string): WorkersConfig {
  const config: Record<string, unknown> = { vars: {} };
  const isText = ({ type }: Binding) => type === "secret_text" || type === "plain_text";
  const isKnown = ({ type }: Binding) => type === DURABLE_OBJECT || BINDING_TYPES.some(({ pulumi }) => pulumi === type);
  const unknown = bindings.filter((one) => !isText(one) && !isKnown(one));
  if (unknown.length > 0) throw new Error(`${worker}: no local counterpart of ${JSON.stringify(unknown)}`);
  config.vars = Object.fromEntries(bindings.filter(isText).map(({ name, text }) => [name, String(text)]));
  for (const { pulumi, wrangler, fields } of BINDING_TYPES) {
    const list = bindings
      .filter(({ type }) => type === pulumi)
      .map((binding) => {
        const given = fields.filter((field) => binding[field.pulumi] !== undefined);
        const named = given.map((field) => [field.wrangler, String(binding[field.pulumi])]);
        return { binding: binding.name, ...Object.fromEntries(named) };
      });
    const [outer = "", inner] = wrangler.split(".");
    config[outer] = inner === undefined ? list : { [inner]: list };
  }
  const objects = bindings
    .filter(({ type }) => type === DURABLE_OBJECT)
    .map(({ name, className, scriptName }) => ({
      name,
      class_name: String(className),
      ...(scriptName === undefined ? {} : { script_name: String(scriptName) }),
    }));
  const own = objects.filter((one) => !("script_name" in one)).map(({ class_name }) => class_name);
  if (objects.length > 0) config.durable_objects = { bindings: objects };
  if (own.length > 0) config.migrations = [{ tag: "v1", new_sqlite_classes: own }];
  return config;
}

type WorkersConfig = Pick<WranglerConfig, "vars" | "queues" | "durable_objects" | "migrations">;

/** The bindings of a wrangler configuration in the words of the API. A field without a word there keeps its name. */
export function fromWrangler(config: WranglerConfig): Binding[] {
  const objects = (config.durable_objects?.bindings ?? []).map(({ name, class_name, script_name }) => ({
    type: DURABLE_OBJECT,
    name,
    className: class_name,
    ...(script_name === undefined ? {} : { scriptName: script_name }),
  }));
  const others = BINDING_TYPES.flatMap(({ pulumi, wrangler, fields }) => {
    const path = wrangler.split(".");
    const list = path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], config);
    return ((list ?? []) as (Record<string, unknown> & { binding: string })[]).map(({ binding: name, ...rest }) => {
      const word = (key: string) => fields.find((field) => field.wrangler === key)?.pulumi ?? key;
      return { type: pulumi, name, ...Object.fromEntries(Object.entries(rest).map(([key, of]) => [word(key), of])) };
    });
  });
  return [...objects, ...others];
}

/** The destination with this binding, as an argument of an EventHub. */
export function destinationOf({ type, name: _, ...values }: Binding): object {
  const { kind, fields = [] } = BINDING_TYPES.find(({ pulumi }) => pulumi === type) ?? {};
  const argumentOf = (key: string) => fields.find((field) => field.pulumi === key)?.argument ?? key;
  return { kind, ...Object.fromEntries(Object.entries(values).map(([key, value]) => [argumentOf(key), value])) };
}
