import type { SetupFault } from "../contract/problems.ts";
import type { SetupRow } from "../queries/setup/find-silent-parts.ts";
import { FIRST_DAY, firstDayText } from "../vocabulary/first-day.ts";
import { log } from "./log.ts";

/** A part that does nothing, with what to do about it. */
export const toSetupFault = ({ fault, since }: SetupRow): SetupFault => ({ fault, since, ...FIRST_DAY[fault] });

/** Logs which other parts of the deployment do nothing. Each run of the cron logs it again while it lasts. */
export function tellSetup(rows: readonly SetupRow[]): void {
  for (const { fault, since } of rows) {
    log("error", "setup.faulty", { fault, since: since.toISOString(), error: firstDayText(fault) });
  }
}
