import type { Moments } from "../../../workers/hub/alarm/moments.ts";

/** What the alarm holds, and when it rings: milliseconds since 1970. */
export interface AlarmState {
  moments: Moments | null;
  ringsAt: number | null;
}
