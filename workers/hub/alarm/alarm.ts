import { DurableObject } from "cloudflare:workers";
import { askForLook } from "../../../schema/queue/messages.ts";
import { errorText } from "../../../schema/text/error-text.ts";
import { log } from "../../../schema/text/log.ts";
import { alarmTimes } from "../../../schema/vocabulary/alarm-times.ts";
import type { AlarmCalls } from "../../../workflows/call-alarm.ts";
import { graceSecondsOf } from "../../../workflows/read-grace.ts";
import { withTimeout } from "../../../workflows/with-timeout.ts";
import type { HubEnv } from "../env.ts";
import { tick } from "../operator/tick.ts";
import { operatorContext } from "../operator/worker-context.ts";
import { armed, done, looked, type Moments, QUIET, refused, ringsAt, rung, watching } from "./moments.ts";

/** The storage key of the moments. */
const MOMENTS = "moments";

/** The longest wait for the queue, in milliseconds. */
const SEND_MS = 10_000;

/**
 * The hub's alarm clock: a Durable Object that holds the next moment at which anything can be due, so that nobody has to ask the database before.
 * When it rings, the hub ticks: it routes events that were emitted in SQL, and continues bulk work. The executor gets a message in the queue that
 * asks it to look, which means to reconcile. It answers with the moment of the next look, if one is needed. If nobody answers, the alarm asks again.
 *
 * Extend it with the route configuration, export it as `Alarm` beside the {@link Hub}, and bind it to hub and executor as `EVENTHUB_ALARM`:
 *
 * @example
 * ```ts
 * import { Alarm as HubAlarm } from "cf-eventhub-workflows/hub";
 * import routing from "./routing.json";
 * export class Alarm extends HubAlarm {
 *   protected override readonly configuration = routing;
 * }
 * ```
 */
export class Alarm<Env extends HubEnv = HubEnv> extends DurableObject<Env> implements AlarmCalls {
  /** The route configuration as a JSON module. Default: the variable `EVENTHUB_ROUTING`. */
  protected readonly configuration: unknown = undefined;

  /** The result of `defineEvents`, as in the {@link Hub}. */
  protected readonly events: unknown = undefined;

  /** See {@link AlarmCalls.arm}. */
  async arm(inMs: number, dispatches?: readonly string[]): Promise<void> {
    const at = Date.now() + Math.max(0, inMs);
    await this.#change((moments) => (dispatches ? watching(moments, at, dispatches) : armed(moments, at)));
  }

  /** See {@link AlarmCalls.done}. */
  async done(dispatches: readonly string[]): Promise<void> {
    const { betweenMs } = alarmTimes(graceSecondsOf(this.env));
    await this.#change((moments) => done(moments, dispatches, Date.now(), betweenMs));
  }

  /** See {@link AlarmCalls.looked}. */
  async looked({ look, nextMs }: { look: string | null; nextMs: number | null }): Promise<void> {
    await this.#change((moments) => looked(moments, look, nextMs === null ? null : Date.now() + Math.max(0, nextMs)));
  }

  /** The alarm rings. It stores the consequences first. If it dies later, the stored alarm rings again. */
  override async alarm(): Promise<void> {
    const times = alarmTimes(graceSecondsOf(this.env));
    const look = crypto.randomUUID();
    const { asked } = await this.#change((moments) => rung(moments, Date.now(), look, times));
    if (asked !== null && asked.unanswered > 0) log("warn", "alarm.unanswered", { looks: asked.unanswered });
    if (!(await this.#askForLook(look))) {
      // Nobody is asked, and the database sleeps on: without a working queue nothing can be delivered.
      await this.#change((moments) => refused(moments, look, Date.now() + times.betweenMs));
      return;
    }
    await this.#tick();
  }

  async #askForLook(look: string): Promise<boolean> {
    try {
      await withTimeout(SEND_MS, () => askForLook(this.env.EVENTHUB_QUEUE, look));
      return true;
    } catch (error) {
      log("warn", "alarm.refused", { error: errorText(error) });
      return false;
    }
  }

  async #tick(): Promise<void> {
    try {
      const context = operatorContext(this.env, { configuration: this.configuration, events: this.events });
      const { routed, operations } = await tick(context);
      if (routed + operations === 0) return;
      log("info", "hub.ticked", { routed, operations });
      // The look that was asked for may have happened before the tick made its dispatches.
      await this.arm(alarmTimes(graceSecondsOf(this.env)).afterEmitMs);
    } catch (error) {
      // The look sees what waits for the tick, and arms the next one.
      log("error", "alarm.tick_failed", { error: errorText(error) });
    }
  }

  /** Changes the moments and sets the alarm accordingly. Both are durable when this resolves. */
  async #change(by: (moments: Moments) => Moments): Promise<Moments> {
    const { storage } = this.ctx;
    // What an earlier version stored lacks the newer members.
    const before = { ...QUIET, ...(await storage.get<Partial<Moments>>(MOMENTS)) };
    const moments = by(before);
    if (moments === before) return moments;
    const at = ringsAt(moments);
    // Both are written together, because there is no wait between them.
    const kept = storage.put(MOMENTS, moments);
    const set = at === null ? storage.deleteAlarm() : storage.setAlarm(at);
    await Promise.all([kept, set]);
    return moments;
  }
}
