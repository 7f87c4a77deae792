import type { Role } from "../../schema/vocabulary/roles.ts";
import { ACTIONS, isAction, type MethodName, type OperatorMethods } from "../hub/operator/operator-methods.ts";
import { completed } from "./older-hub.ts";

/** The methods of the hub's entrypoint for operators that the console may call. */
export type OperatorCalls = Omit<OperatorMethods, "tick">;

/**
 * The same calls, with `actor` and `role` for each action, and with answers that have every member, also those of an older hub. The hub trusts a
 * binding about who acts, and refuses actions of readers.
 */
export function actingAs(operator: OperatorCalls, actor: string, role: Role = "operator"): OperatorCalls {
  const as = role === "operator" ? {} : { role };
  return new Proxy(operator, {
    get(target, name) {
      if (typeof name === "symbol") return undefined;
      const calls = target as Record<string, unknown> as Record<MethodName, (...args: unknown[]) => unknown>;
      return async (...args: unknown[]) => {
        if (isAction(name)) args[ACTIONS[name]] = { ...(args[ACTIONS[name]] as object | undefined), actor, ...as };
        return completed(name, await calls[name as MethodName](...args));
      };
    },
  });
}
