import { WorkerEntrypoint } from "cloudflare:workers";
import { DatabaseError } from "../../../schema/database/database-error.ts";
import { log } from "../../../schema/text/log.ts";
import { refuseToEmit } from "../../../schema/vocabulary/refuse-to-emit.ts";
import { requireBindings } from "../../../schema/vocabulary/required-bindings.ts";
import type { Role } from "../../../schema/vocabulary/roles.ts";
import { armAfterCommit, armSoon } from "../alarm/arming.ts";
import type { HubEnv } from "../env.ts";
import { type Answer, METHODS, type Method } from "./methods.ts";
import { refusalOf } from "./operator-error.ts";
import { isAction, type MethodName, type OperatorMethods } from "./operator-methods.ts";
import { admit } from "./roles.ts";
import { operatorContext } from "./worker-context.ts";

/** The most characters of a refusal in the log. */
const MAX_LOGGED_LENGTH = 300;

/** The `props` that a binding to this entrypoint may have. */
export interface OperatorProps {
  /** Who acts over this binding, unless a call names its `actor`. */
  actor?: string;
  /** With `reader`, calls over this binding may read and preview, but change nothing. Default `operator`. */
  role?: Role;
}

/** An entrypoint with the operators' methods. */
const OperatorEntrypoint = WorkerEntrypoint as unknown as new <Env extends HubEnv>(
  ctx: ExecutionContext,
  env: Env,
) => WorkerEntrypoint<Env, OperatorProps> & OperatorMethods;

/**
 * The operators' side of the hub: a named entrypoint, which a producer's binding does not reach. Extend it with the route configuration
 * and export it as `Operator` beside the {@link Hub}. Refused calls throw an Error whose message starts with its code in brackets:
 * `[invalid_arguments]`, `[not_found]`, `[conflict]`, `[forbidden]`, `[misconfigured]` or `[unavailable]`.
 */
export class Operator<Env extends HubEnv = HubEnv> extends OperatorEntrypoint<Env> {
  /** The route configuration as a JSON module. Default: the variable `EVENTHUB_ROUTING`. */
  protected readonly configuration: unknown = undefined;

  /** The result of `defineEvents`, as in the {@link Hub}. */
  protected readonly events: unknown = undefined;

  static {
    refuseToEmit(Operator.prototype, "emit_at_operator");
    // On the prototype, since RPC reaches only that.
    for (const name of Object.keys(METHODS) as MethodName[]) {
      Object.defineProperty(Operator.prototype, name, {
        value(this: Operator, ...args: unknown[]) {
          return this.#answer(name, args);
        },
        writable: true,
        configurable: true,
      });
    }
  }

  /** Only the message of an error crosses RPC, so each starts with its code. */
  async #answer<Name extends MethodName>(name: Name, args: unknown[]): Promise<Answer<Name>> {
    try {
      const admitted = admit(name, args, this.ctx.props.role);
      const context = operatorContext(
        this.env,
        { configuration: this.configuration, events: this.events },
        this.ctx.props.actor,
      );
      const method: Method<Name> = METHODS[name];
      if (!isAction(name)) return await method.run(context, ...(admitted as never));
      requireBindings(this.env, "EVENTHUB_QUEUE");
      // Armed before the action: if the request dies in the middle, the executor still looks after the work.
      const armed = armAfterCommit(this.env);
      const answer = await method.run(context, ...(admitted as never));
      await armed;
      await armSoon(this.env);
      log("info", "operator.acted", { method: name });
      return answer;
    } catch (error) {
      const refused = error instanceof DatabaseError ? refusalOf(error) : error;
      const text = refused instanceof Error ? refused.message.slice(0, MAX_LOGGED_LENGTH) : "";
      log("warn", "operator.refused", { method: name, error: text });
      throw refused;
    }
  }
}
