import type { HandleContext, HandleReturn } from "../contract/consumer.ts";
import { DEFAULT_KIND_MEMBER } from "../vocabulary/event-checks.ts";
import type { EventOf, Events, KindOf, MemberOption } from "./types.ts";

/** Handles one kind of event. Async always: the compiler takes the words of a result for any text where both would do. */
type Handler<Defined extends Events, Kind extends KindOf<Defined>> = (
  event: EventOf<Defined, Kind>,
  context: HandleContext,
) => Promise<HandleReturn>;

/** A handler for each kind. */
export type EveryHandler<Defined extends Events> = {
  readonly [Kind in KindOf<Defined>]: Handler<Defined, Kind>;
};

/** Handles what comes, by its kind. */
export type HandleByKind = (payload: object, context: HandleContext) => Promise<HandleReturn>;

/**
 * Makes a `handle` of a handler for each kind that is taken; others are ignored, and the reason says so. It needs the definition's type alone, so a
 * consumer's bundle has none of its schemas.
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

/** {@link on} with a handler for every kind: one that is missing is an error of types. */
export function onEvery<Defined extends Events>(
  handlers: EveryHandler<Defined>,
  ...options: MemberOption<Defined>
): HandleByKind {
  return on<Defined>(handlers, ...options);
}
