import { isLonger } from "../../schema/text/unicode.ts";
import { MAX_ENVIRONMENT_NAME_LENGTH } from "../../schema/vocabulary/limits.ts";

/** Which installation this is, for people who have several open. */
export interface Environment {
  /** Such as `production`; `undefined` if it has no name. */
  name: string | undefined;
  /** A CSS colour, checked; `undefined` if it has none. */
  color: string | undefined;
}

/** Hex, or a name: nothing that could be more than a colour where it is written into a style. */
const COLOR = /^(#([0-9a-f]{3}|[0-9a-f]{6})|[a-z]{3,30})$/i;

/** What is wrong with an environment's name and colour, by which of them it is. */
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
 * The environment as it is configured.
 *
 * @throws Error if the name is too long or the colour is none: a console that shows another environment's mark is worse than none.
 */
export function environmentOf(env: { ENVIRONMENT_NAME?: string; ENVIRONMENT_COLOR?: string }): Environment {
  const [name, color] = [env.ENVIRONMENT_NAME, env.ENVIRONMENT_COLOR].map((text) => text?.trim() || undefined);
  const faults = environmentFaults({ name, color });
  if (faults.name !== undefined) throw new Error(`[misconfigured] ENVIRONMENT_NAME: ${faults.name}`);
  if (faults.color !== undefined) throw new Error(`[misconfigured] ENVIRONMENT_COLOR: ${faults.color}`);
  return { name, color };
}
