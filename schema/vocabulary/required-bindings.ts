import { MisconfiguredError } from "./misconfigured-error.ts";
import { SETTINGS } from "./settings.ts";

/** The bindings that the hub and the executor require. */
const { EVENTHUB_QUEUE, DISPATCH } = SETTINGS.executor;
const REQUIRED = { EVENTHUB_QUEUE, DISPATCH };

/**
 * Checks at the first call, before anything is stored or taken, that bindings are there. Without this check, the call would fail half-way, with a
 * message of the runtime.
 *
 * @throws MisconfiguredError that names what is missing, or has another type.
 */
export function requireBindings(env: object, ...names: (keyof typeof REQUIRED)[]): void {
  for (const name of names) {
    const { method, what } = REQUIRED[name];
    const binding: unknown = (env as Readonly<Record<string, unknown>>)[name];
    const fits = typeof (binding as Readonly<Record<string, unknown>> | null | undefined)?.[method] === "function";
    if (!fits) {
      const fault = binding === undefined ? "is not bound" : "is bound to something else";
      throw new MisconfiguredError(`${name} ${fault}: bind ${what} to this Worker under this name`);
    }
  }
}
