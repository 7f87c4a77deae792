import { errorText } from "../schema/text/error-text.ts";
import { log } from "../schema/text/log.ts";
import { ALARM_NAME } from "../schema/vocabulary/alarm-times.ts";
import { withTimeout } from "./with-timeout.ts";

/** The methods of the class `Alarm`, which the hub's alarm answers. */
export interface AlarmCalls {
  /**
   * Arms a look in this many milliseconds, which covers whatever is committed before. If it names dispatches, it covers only these. It comes earlier
   * if they are done before, and not at all if another look has covered them.
   */
  arm(inMs: number, dispatches?: readonly string[]): Promise<void>;
  /**
   * Reports that the instance that had these dispatches has nothing left to do. Mostly they are final. Some may have been handed over to another
   * instance. Any of them may be unknown, or be reported again.
   */
  done(dispatches: readonly string[]): Promise<void>;
  /** Reports a look: `look` is its name, if it was asked for; `nextMs` is when the next one is needed, if ever. */
  looked(answer: { look: string | null; nextMs: number | null }): Promise<void>;
}

/** The part of the binding of the hub's alarm that we need. `wrangler types` does not know the methods of a class in another script. */
export interface AlarmBinding {
  getByName(name: string): object;
}

const calls = (binding: AlarmBinding) => binding.getByName(ALARM_NAME) as AlarmCalls;

/** The hub's alarm, if a Worker has it. A binding to something else counts as none; hub and executor then need a cron that runs every minute. */
export function alarmOf({ EVENTHUB_ALARM: binding }: { EVENTHUB_ALARM?: AlarmBinding }): AlarmBinding | undefined {
  return typeof binding === "object" && typeof binding?.getByName === "function" ? binding : undefined;
}

/**
 * The longest wait for the alarm, in milliseconds. The next armed look or the backstop finds what this one would have found, so no producer has to
 * wait longer.
 */
const ANSWER_MS = 1_000;

/** Arms a look, for some dispatches or for everything. False if that is not certain. Never throws. */
export const arm = (binding: AlarmBinding, inMs: number, dispatches?: readonly string[]): Promise<boolean> =>
  asked("arm", () => calls(binding).arm(inMs, dispatches));

/** Reports that dispatches are done. If the report is lost, the look comes later, at its own time. Never throws. */
export async function reportDone(
  binding: AlarmBinding | undefined,
  dispatches: readonly { readonly id: string }[],
): Promise<void> {
  if (binding !== undefined) await asked("done", () => calls(binding).done(dispatches.map(({ id }) => id)));
}

/** Answers a look. False if that is not certain: a look that was asked for is then asked for again. Never throws. */
export const answerLook = (
  binding: AlarmBinding,
  answer: { look: string | null; nextMs: number | null },
): Promise<boolean> => asked("looked", () => calls(binding).looked(answer));

async function asked(call: keyof AlarmCalls, work: () => Promise<void>): Promise<boolean> {
  try {
    await withTimeout(ANSWER_MS, work);
    return true;
  } catch (error) {
    log("warn", "alarm.unreachable", { call, error: errorText(error) });
    return false;
  }
}
