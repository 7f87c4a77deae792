import { DESTINATION_KINDS } from "../../schema/config/destinations/index.ts";
import type { DestinationBinding, DestinationKind } from "../../schema/config/destinations/kind.ts";
import type { WranglerConfig } from "./wrangler-config.ts";

/** A binding of a Worker's version. */
export interface Binding {
  type: string;
  name: string;
  [field: string]: unknown;
}

/** A type of binding with what it is called by Pulumi, by wrangler and in an EventHub's arguments, the first kind that has it before others. */
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

/** The first kind's words of each type of binding. */
const BINDING_TYPES = TYPES.filter(({ pulumi }, index) => TYPES.findIndex((one) => one.pulumi === pulumi) === index);

/** A version's bindings as a wrangler configuration says them. @throws Error for one that has no words there */
export function toWrangler(bindings: readonly Binding[], worker: string): Pick<WranglerConfig, "vars" | "queues"> {
  const config: Record<string, unknown> = { vars: {} };
  const isText = ({ type }: Binding) => type === "secret_text" || type === "plain_text";
  const unknown = bindings.filter((one) => !isText(one) && !BINDING_TYPES.some(({ pulumi }) => pulumi === one.type));
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
  return config;
}

/** A wrangler configuration's bindings in the words of the API; a field that has none keeps its own. */
export function fromWrangler(config: WranglerConfig): Binding[] {
  return BINDING_TYPES.flatMap(({ pulumi, wrangler, fields }) => {
    const path = wrangler.split(".");
    const list = path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], config);
    return ((list ?? []) as (Record<string, unknown> & { binding: string })[]).map(({ binding: name, ...rest }) => {
      const word = (key: string) => fields.find((field) => field.wrangler === key)?.pulumi ?? key;
      return { type: pulumi, name, ...Object.fromEntries(Object.entries(rest).map(([key, of]) => [word(key), of])) };
    });
  });
}

/** The destination of an EventHub's arguments that has this binding. */
export function destinationOf({ type, name: _, ...values }: Binding): object {
  const { kind, fields = [] } = BINDING_TYPES.find(({ pulumi }) => pulumi === type) ?? {};
  const argumentOf = (key: string) => fields.find((field) => field.pulumi === key)?.argument ?? key;
  return { kind, ...Object.fromEntries(Object.entries(values).map(([key, value]) => [argumentOf(key), value])) };
}
