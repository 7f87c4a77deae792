import { log } from "../schema/text/log.ts";
import { DEFAULT_GRACE_SECONDS } from "../schema/vocabulary/defaults.ts";
import { GRACE_RULE, isGrace } from "../schema/vocabulary/is-grace.ts";

/** Faulty values of the variable that this isolate has already logged. */
const told = new Set<string>();

/** The grace of reconciling, in seconds. A faulty variable is logged as an error, and the default applies: deliveries go on. */
export function graceSecondsOf({ RECONCILE_GRACE_SECONDS }: { RECONCILE_GRACE_SECONDS?: string }): number {
  const text = String(RECONCILE_GRACE_SECONDS ?? "").trim();
  if (text === "") return DEFAULT_GRACE_SECONDS;
  const seconds = Number(text);
  if (isGrace(seconds)) return seconds;
  if (!told.has(text)) {
    const error = `${GRACE_RULE}, got ${JSON.stringify(text)}`;
    log("error", "variable.refused", { variable: "RECONCILE_GRACE_SECONDS", error, used: DEFAULT_GRACE_SECONDS });
    told.add(text);
  }
  return DEFAULT_GRACE_SECONDS;
}
