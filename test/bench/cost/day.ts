import { alarmTimes } from "../../../schema/vocabulary/alarm-times.ts";
import { DEFAULT_GRACE_SECONDS } from "../../../schema/vocabulary/defaults.ts";
import { armed, done, looked, QUIET, ringsAt, rung, watching } from "../../../workers/hub/alarm/moments.ts";
import { Random } from "../../chaos/random.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

/** Neon goes to sleep after five minutes without a query. */
export const AWAKE_AFTER_MS = 300 * SECOND;

/** From the commit of an event to the record of its result. Measured: some tens of milliseconds. */
const DELIVERED_AFTER_MS = SECOND;

/** The dispatch of the event that is watched: there is at most one at a time. */
const WATCHED = "watched";

/** Who queries the database besides events: the alarm's looks, a cron every minute, or nobody, as with the peer. */
export type Looking = "alarm" | "minute cron" | "nobody";

/** What a day was like for the database. */
export interface Day {
  events: number;
  /** How often it was woken. */
  wakeUps: number;
  awakeHours: number;
  looks: number;
  /** Requests to the alarm's Durable Object, and rows that it wrote. */
  alarmRequests: number;
  alarmRows: number;
}

/**
 * Simulates a day. Events come at random moments, this many on average, and each is delivered at its first attempt. Every moment at which anything
 * queries the database is noted, and the database sleeps between two moments that are more than five minutes apart. The alarm is the hub's own code
 * (`moments.ts`) with a simulated clock. All events are emitted by one isolate, which lives all day; several isolates would arm more looks. As in
 * `arming.ts`, an event after a minute of silence is watched, and others arm a look for all.
 */
export function simulateDay(eventsADay: number, looking: Looking, seed = 17): Day {
  const times = alarmTimes(DEFAULT_GRACE_SECONDS);
  const { afterEmitMs, armedForMs, betweenMs } = times;
  const random = new Random(`${seed}/day`);
  const database = new Compute();
  const day: Day = { events: 0, wakeUps: 0, awakeHours: 0, looks: 0, alarmRequests: 0, alarmRows: 0 };
  let moments = QUIET;
  let armedAt = Number.NEGATIVE_INFINITY;
  let emittedAt = Number.NEGATIVE_INFINITY;
  /** When the event that is watched is done. */
  let doneAt = Number.POSITIVE_INFINITY;
  // With the alarm, the cron is its backstop; a minute cron queries every minute.
  let cron = looking === "nobody" ? Number.POSITIVE_INFINITY : looking === "alarm" ? 4 * HOUR : 0;
  const nextEvent = (after: number) => after - Math.log(1 - random.next()) * (DAY / eventsADay);
  for (let event = nextEvent(0); ; ) {
    const ring = ringsAt(moments) ?? Number.POSITIVE_INFINITY;
    const now = Math.min(event, ring, cron, doneAt);
    if (now >= DAY) break;
    if (now === doneAt) {
      doneAt = Number.POSITIVE_INFINITY;
      moments = done(moments, [WATCHED], now, betweenMs);
      day.alarmRequests++;
      day.alarmRows += 2;
      continue;
    }
    database.asked(now);
    if (now === event) {
      day.events++;
      database.asked(now + DELIVERED_AFTER_MS);
      if (looking === "alarm" && now - armedAt >= armedForMs) {
        if (now - emittedAt >= armedForMs) {
          doneAt = now + DELIVERED_AFTER_MS;
          moments = watching(moments, now + afterEmitMs, [WATCHED]);
        } else {
          armedAt = now;
          moments = armed(moments, now + afterEmitMs);
        }
        day.alarmRequests++;
        day.alarmRows += 2;
      }
      emittedAt = now;
      event = nextEvent(event);
    } else if (now === cron) {
      cron += looking === "alarm" ? DAY : 60 * SECOND;
    } else {
      // Everything is delivered, so the look finds nothing that can be overdue.
      day.looks++;
      moments = looked(rung(moments, now, String(day.looks), times), String(day.looks), null);
      day.alarmRequests += 2;
      day.alarmRows += 4;
    }
  }
  return { ...day, wakeUps: database.wakeUps, awakeHours: database.awakeMs(DAY) / HOUR };
}

/** The database's compute: awake from the first query to five minutes after the last. */
class Compute {
  wakeUps = 0;
  #awakeUntil = Number.NEGATIVE_INFINITY;
  #awakeMs = 0;

  asked(at: number): void {
    if (at > this.#awakeUntil) this.wakeUps++;
    // A result may be recorded after the next event has come.
    this.#awakeMs += Math.max(0, at + AWAKE_AFTER_MS - Math.max(at, this.#awakeUntil));
    this.#awakeUntil = Math.max(this.#awakeUntil, at + AWAKE_AFTER_MS);
  }

  /** Time after the end of the day counts for the next day. */
  awakeMs(end: number): number {
    return this.#awakeMs - Math.max(0, this.#awakeUntil - end);
  }
}
