import type { HandleContext, HandleReturn } from "../contract/consumer.ts";
import { DEFAULT_KIND_MEMBER } from "../vocabulary/event-checks.ts";
import type { EventOf, Events, KindOf, MemberOption } from "./types.ts";

/** Handles one kind of event. It is always async: where both were allowed, the compiler would widen the literal of a result to `string`. */
type Handler<Defined extends Events, Kind extends KindOf<Defined>> = (
  event: EventOf<Defined, Kind>,
  context: HandleContext,
) => Promise<HandleReturn>;

/** A handler for each kind. */
export type EveryHandler<Defined extends Events> = {
  readonly [Kind in KindOf<Defined>]: Handler<Defined, Kind>;
};

/** Handles a payload by its kind. */
export type HandleByKind = (payload: object, context: HandleContext) => Promise<HandleReturn>;

/**
 * Makes a `handle` from one handler per kind. It ignores other kinds, and the reason says so. It needs only the type of the definition, so the
 * consumer's bundle contains no schemas.
 *
 * @example
 * ```ts
 * const handle = on<typeof events>({ "order.paid": async (event) => (await bill(event.id), "complete") });
 * export default class extends WorkerEntrypoint implements Consumer {
 *   handle(payload: EventPayload, context: HandleContext) {
 *     return handle(payload, context);
 *   }
 * }
 * ```
 */
export function on<Defined extends Events>(
  handlers: Partial<EveryHandler<Defined>>,
  ...[options]: MemberOption<Defined>
): HandleByKind {
  const table = handlers as Readonly<Record<string, Handler<Events, string> | undefined>>;
  const member: string = options?.kind ?? DEFAULT_KIND_MEMBER;
  return async (payload, context) => {
    const kind = (payload as Readonly<Record<string, unknown>>)[member];
    const handler = typeof kind === "string" && Object.hasOwn(table, kind) ? table[kind] : undefined;
    if (handler !== undefined) return handler(payload as never, context);
    const which = typeof kind === "string" ? `of kind ${JSON.stringify(kind.slice(0, 100))}` : `without a ${member}`;
    return { result: "ignored", reason: `events ${which} are not handled here` };
  };
}

/** {@link on} with a handler for every kind: a missing one is a compile error. */
export function onEvery<Defined extends Events>(
  handlers: EveryHandler<Defined>,
  ...options: MemberOption<Defined>
): HandleByKind {
  return on<Defined>(handlers, ...options);
}
