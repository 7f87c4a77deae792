import { isLonger } from "../../schema/text/unicode.ts";
import { DEFAULT_CONFIRM_ABOVE } from "../../schema/vocabulary/defaults.ts";
import { MAX_ENVIRONMENT_NAME_LENGTH } from "../../schema/vocabulary/limits.ts";

/** Identifies this installation, for people who have several open. */
export interface Environment {
  /** For example `production`; `undefined` without a name. */
  name: string | undefined;
  /** A CSS colour, checked; `undefined` without one. */
  color: string | undefined;
  /** A bulk action on more dispatches than this must be confirmed by typing their number; `undefined` if no action must. */
  confirmAbove: number | undefined;
}

/** A hex code or a name, so that nothing more than a colour gets into a style. */
const COLOR = /^(#([0-9a-f]{3}|[0-9a-f]{6})|[a-z]{3,30})$/i;

/** The faults of an environment's name and colour. */
export function environmentFaults({ name, color }: { name?: unknown; color?: unknown }): {
  name?: string;
  color?: string;
} {
  const long = name !== undefined && !(typeof name === "string" && !isLonger(name, MAX_ENVIRONMENT_NAME_LENGTH));
  const odd = color !== undefined && !(typeof color === "string" && COLOR.test(color));
  return {
    ...(long ? { name: `must be a text of at most ${MAX_ENVIRONMENT_NAME_LENGTH} characters` } : {}),
    ...(odd ? { color: "must be a CSS colour such as #c00 or crimson" } : {}),
  };
}

/**
 * The environment as configured.
 *
 * @throws Error if a variable is invalid: a console with the mark of another environment would be worse than one without.
 */
export function environmentOf(env: EnvironmentVariables): Environment {
  const [name, color] = [env.ENVIRONMENT_NAME, env.ENVIRONMENT_COLOR].map((text) => text?.trim() || undefined);
  const faults = environmentFaults({ name, color });
  if (faults.name !== undefined) throw new Error(`[misconfigured] ENVIRONMENT_NAME: ${faults.name}`);
  if (faults.color !== undefined) throw new Error(`[misconfigured] ENVIRONMENT_COLOR: ${faults.color}`);
  return { name, color, confirmAbove: confirmAboveOf(env) };
}

type EnvironmentVariables = Partial<
  Record<"ENVIRONMENT_NAME" | "ENVIRONMENT_COLOR" | "ENVIRONMENT_PRODUCTION" | "CONFIRM_ABOVE", string>
>;

/**
 * The limit for confirmations. Neither variable is guessed: people would change a production installation without a second look if it were not marked
 * as one.
 */
function confirmAboveOf({ ENVIRONMENT_PRODUCTION, CONFIRM_ABOVE }: EnvironmentVariables): number | undefined {
  const [production, above] = [ENVIRONMENT_PRODUCTION?.trim() || "false", CONFIRM_ABOVE?.trim() || undefined];
  if (production !== "true" && production !== "false")
    throw new Error("[misconfigured] ENVIRONMENT_PRODUCTION: must be true or false");
  if (above !== undefined && !/^\d{1,9}$/.test(above))
    throw new Error("[misconfigured] CONFIRM_ABOVE: must be a whole number of dispatches");
  if (production === "false") return undefined;
  return above === undefined ? DEFAULT_CONFIRM_ABOVE : Number(above);
}
