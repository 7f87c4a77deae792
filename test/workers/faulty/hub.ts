import type { EmitOptions, EmitResult } from "../../../schema/contract/index.ts";
import { ALARM_NAME } from "../../../schema/vocabulary/alarm-times.ts";
import type { Moments } from "../../../workers/hub/alarm/moments.ts";
import type { AlarmBinding } from "../../../workflows/call-alarm.ts";
import FaultyHub, { Alarm as FaultyAlarm } from "../chaos/hub.ts";
import routing from "../routing.json";
import type { AlarmState } from "./alarm-state.ts";

/** The hub with faults, on the tests' routes. */
export default class extends FaultyHub {
  protected override readonly configuration: unknown = routing;

  /** Emits as an isolate does that has not emitted before: the hub knows what it has armed by its binding of the alarm. */
  emitElsewhere(payload: object, options?: EmitOptions): Promise<EmitResult> {
    const alarm = this.#alarm;
    this.env = { ...this.env, EVENTHUB_ALARM: { getByName: (name) => alarm.getByName(name) } };
    return this.emit(payload, options);
  }

  alarmState(): Promise<AlarmState> {
    return (this.#alarm.getByName(ALARM_NAME) as Alarm).state();
  }

  get #alarm(): AlarmBinding {
    const { EVENTHUB_ALARM: alarm } = this.env;
    if (alarm === undefined) throw new Error("this system has no alarm");
    return alarm;
  }
}

export class Alarm extends FaultyAlarm {
  protected override readonly configuration: unknown = routing;

  async state(): Promise<AlarmState> {
    const { storage } = this.ctx;
    return { moments: (await storage.get<Moments>("moments")) ?? null, ringsAt: await storage.getAlarm() };
  }
}

export { Operator } from "../hub.ts";
