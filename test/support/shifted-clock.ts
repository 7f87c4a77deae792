import { vi } from "vitest";

/** Shifts the clock of this process by this many milliseconds, since an executor's clock may be wrong; `vi.unstubAllGlobals` restores it. */
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
