import { ACTIONS, isAction, type MethodName, type OperatorMethods } from "../hub/operator/operator-methods.ts";

/** What the console can call of the hub's entrypoint for operators. */
export type OperatorCalls = Omit<OperatorMethods, "tick">;

/** The same calls, each action of which is `actor`'s: the hub believes a binding what it says of who acts. */
export function actingAs(operator: OperatorCalls, actor: string): OperatorCalls {
  return new Proxy(operator, {
    get(target, name) {
      if (typeof name === "symbol") return undefined;
      const calls = target as Record<string, unknown> as Record<MethodName, (...args: unknown[]) => unknown>;
      return (...args: unknown[]) => {
        if (isAction(name)) args[ACTIONS[name]] = { ...(args[ACTIONS[name]] as object | undefined), actor };
        return calls[name as MethodName](...args);
      };
    },
  });
}
