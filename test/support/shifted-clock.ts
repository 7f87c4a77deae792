import { vi } from "vitest";

/** Lets this process' clock be wrong by so many milliseconds, as an executor's may be; `vi.unstubAllGlobals` sets it right again. */
export function shiftClock(ms: number): void {
  const Right = Date;
  const Wrong = class extends Right {
    constructor(...values: [] | [number | string | Date]) {
      super(...((values.length === 0 ? [Right.now() + ms] : values) as [number]));
    }
    static override now(): number {
      return Right.now() + ms;
    }
  };
  vi.stubGlobal("Date", Wrong);
}
