import { EmitError } from "../../../schema/contract/emit-error.ts";
import type { EmitOptions, EmitResult } from "../../../schema/contract/index.ts";
import { firstDayText } from "../../../schema/vocabulary/first-day.ts";
import { answerOf } from "../../../workers/hub/emit/answer.ts";
import { takeFromAnotherHub } from "../../../workers/hub/emit/from-another-hub.ts";
import { prepare } from "../../../workers/hub/emit/prepare.ts";
import { checkerOf } from "../../../workers/hub/events/checker-of-hub.ts";
import { type Routing, routesOf } from "../routing.ts";
import { fakeClock } from "./clock.ts";
import { FakeExecutor } from "./deliver.ts";
import { FakeStore } from "./store.ts";
import type { FakeEventHub, FakeEventHubOptions } from "./types.ts";

/** The messages, unless a test sets another one. */
const MESSAGES = {
  unavailable: "database: no answer in time; repeat the call, with an idempotencyKey so that nothing is stored twice",
  misconfigured: firstDayText("no_database_url"),
} as const;

/**
 * Makes a hub in memory for unit tests: give it to a producer as its binding, look at what it has emitted, and deliver to consumers.
 *
 * @example
 * ```ts
 * const hub = fakeEventHub(routing);
 * await checkout(order, { EVENTHUB: hub });
 * expect(hub.emitted).toMatchObject([{ payload: { kind: "order.paid" } }]);
 * const [attempt] = await hub.deliverTo("BILLING", { handle: bill });
 * expect(attempt?.result).toBe("complete");
 * ```
 * @throws RouteConfigError with every fault of the configuration
 */
export function fakeEventHub(routing: Routing, { now, events: definition }: FakeEventHubOptions = {}): FakeEventHub {
  const routes = routesOf(routing);
  const checker = checkerOf(definition, routes);
  const clock = fakeClock(now);
  const store = new FakeStore();
  const executor = new FakeExecutor(routes, store, clock);
  let failure: { error: EmitError; saved: boolean } | undefined;

  const emit = async (
    payload: unknown,
    options: EmitOptions | undefined,
    cloudEvents?: boolean,
  ): Promise<EmitResult> => {
    const events = await prepare(payload, options, { routes, events: checker, cloudEvents, now: clock.now });
    if (events.length === 0) return { events: [] };
    const failing = failure;
    failure = undefined;
    if (failing?.saved === false) throw failing.error;
    const { stored, fresh } = store.add(events, options ?? {}, clock.now());
    await executor.preview(fresh);
    if (failing !== undefined) throw failing.error;
    return answerOf(events, stored);
  };

  return {
    emit: (payload, options) => emit(payload, options),
    // Does nothing, since events in SQL do not reach it.
    poke: async () => undefined,
    handle: (payload, context) => takeFromAnotherHub(payload, context, emit),
    get emitted() {
      return store.events;
    },
    get dispatches() {
      return store.dispatches;
    },
    get now() {
      return new Date(clock.now());
    },
    advance: clock.advance,
    deliverTo: (destination, target) => executor.deliverTo(destination, target),
    deliverAll: (targets) => executor.deliverAll(targets),
    failNext: (code, { saved = false, message = MESSAGES[code] } = {}) => {
      failure = { error: new EmitError(code, message), saved };
    },
  };
}
