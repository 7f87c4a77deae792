import type { Role } from "../../../schema/vocabulary/roles.ts";
import type { EnvOf } from "../../../schema/vocabulary/settings.ts";
import type { Identity } from "./identity.ts";

type Variables = Pick<EnvOf<"console", { OPERATOR: unknown; EVENTHUB: unknown }>, "ACCESS_OPERATORS">;

/** Those who may act, as the variable names them; `undefined` without the variable. If it is set but names nobody, nobody may act. */
export const operatorsOf = ({ ACCESS_OPERATORS }: Variables): string[] | undefined =>
  ACCESS_OPERATORS?.split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");

/**
 * The role of a signed-in user. The variable may name them by address, by the address's domain, by a service token's name, or by a group. The case of
 * letters does not count in addresses.
 */
export function roleOf({ name, groups }: Identity, operators: readonly string[] | undefined): Role {
  if (operators === undefined) return "operator";
  const lower = name.toLowerCase();
  const named = operators.some((entry) => {
    if (entry.startsWith("group:")) return groups.includes(entry.slice("group:".length));
    const one = entry.toLowerCase();
    return one.startsWith("@") ? lower.endsWith(one) : lower === one;
  });
  return named ? "operator" : "reader";
}
