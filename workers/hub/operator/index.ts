import { WorkerEntrypoint } from "cloudflare:workers";
import { DatabaseError } from "../../../schema/database/database-error.ts";
import { log } from "../../../schema/text/log.ts";
import { refuseToEmit } from "../../../schema/vocabulary/refuse-to-emit.ts";
import { requireBindings } from "../../../schema/vocabulary/required-bindings.ts";
import type { HubEnv } from "../env.ts";
import { type Answer, METHODS, type Method } from "./methods.ts";
import { refusalOf } from "./operator-error.ts";
import { isAction, type MethodName, type OperatorMethods } from "./operator-methods.ts";
import { operatorContext } from "./worker-context.ts";

/** Most characters of a refusal in the log. */
const MAX_LOGGED_LENGTH = 300;

/** What a binding to this entrypoint may say of itself, in its `props`. */
export interface OperatorProps {
  /** Who acts over this binding, unless a call names its `actor`. */
  actor?: string;
}

/** An entrypoint that has the operators' methods. */
const OperatorEntrypoint = WorkerEntrypoint as unknown as new <Env extends HubEnv>(
  ctx: ExecutionContext,
  env: Env,
) => WorkerEntrypoint<Env, OperatorProps> & OperatorMethods;

/**
 * The operators' side of the hub: a named entrypoint, which a producer's binding does not reach. Extend it with the route configuration
 * and export it as `Operator` beside the {@link Hub}. Refused calls throw an Error whose message starts with its code in brackets:
 * `[invalid_arguments]`, `[not_found]`, `[conflict]`, `[misconfigured]` or `[unavailable]`.
 */
export class Operator<Env extends HubEnv = HubEnv> extends OperatorEntrypoint<Env> {
  /** The route configuration as a JSON module; left out, the variable `EVENTHUB_ROUTING` holds it. */
  protected readonly configuration: unknown = undefined;

  /** What `defineEvents` gives, as of the {@link Hub}. */
  protected readonly events: unknown = undefined;

  static {
    refuseToEmit(Operator.prototype, "emit_at_operator");
    // On the prototype: RPC reaches nothing else.
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
      const context = operatorContext(
        this.env,
        { configuration: this.configuration, events: this.events },
        this.ctx.props.actor,
      );
      if (isAction(name)) requireBindings(this.env, "EVENTHUB_QUEUE");
      const method: Method<Name> = METHODS[name];
      const answer = await method.run(context, ...(args as never));
      if (isAction(name)) log("info", "operator.acted", { method: name });
      return answer;
    } catch (error) {
      const refused = error instanceof DatabaseError ? refusalOf(error) : error;
      const text = refused instanceof Error ? refused.message.slice(0, MAX_LOGGED_LENGTH) : "";
      log("warn", "operator.refused", { method: name, error: text });
      throw refused;
    }
  }
}
