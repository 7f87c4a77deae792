import { ROLES, type Role } from "../../../schema/vocabulary/roles.ts";
import { OperatorError } from "./operator-error.ts";
import { ACTIONS, isAction, type MethodName } from "./operator-methods.ts";

/**
 * Refuses an action of a caller who may only read. That is so if the binding's `props.role` says so, whatever the call says, or if the call's options
 * say so of the person who acts. Dry runs are allowed, since they change nothing. Returns the arguments without the role.
 *
 * @throws OperatorError `forbidden`, or `invalid_arguments` for an unknown role
 */
export function admit(name: MethodName, args: readonly unknown[], ofBinding: unknown): unknown[] {
  const bound = roleOf(ofBinding, "props.role of the binding");
  if (!isAction(name)) {
    if (name === "tick" && !ROLES[bound].acts) throw forbidden(name);
    return [...args];
  }
  const given = args[ACTIONS[name]];
  if (typeof given !== "object" || given === null) {
    if (!ROLES[bound].acts) throw forbidden(name);
    return [...args];
  }
  const { role, ...options } = given as { role?: unknown; dryRun?: unknown };
  const acting = roleOf(role, "options.role");
  if (!(ROLES[bound].acts && ROLES[acting].acts) && options.dryRun !== true) throw forbidden(name);
  return args.toSpliced(ACTIONS[name], 1, options);
}

/** Without a role, callers may act, as they could before there were roles. */
function roleOf(role: unknown, place: string): Role {
  if (role === undefined) return "operator";
  if (typeof role === "string" && Object.hasOwn(ROLES, role)) return role as Role;
  throw new OperatorError("invalid_arguments", `${place}: must be ${Object.keys(ROLES).join(" or ")}`);
}

const forbidden = (name: string) =>
  new OperatorError("forbidden", `${name}: the person who is signed in may read and preview, but change nothing`);
