import {
  isSampleRate,
  OTLP_ENDPOINT_RULE,
  OTLP_HEADERS_RULE,
  otlpUrl,
  readOtlpHeaders,
  SAMPLE_RATE_RULE,
} from "../../../../schema/vocabulary/collector-settings.ts";
import { DEFAULT_PUSH_SCHEDULES } from "../../../../schema/vocabulary/defaults.ts";
import { cronsOf } from "../../../project/crons-of.ts";
import type { Project } from "../../../project/project.ts";
import type { WranglerFile } from "../../../project/wrangler-file.ts";
import { type Finding, fault, note } from "../finding.ts";

/** Whether the settings of the collector are valid, and whether there is a cron if metrics are to be pushed. */
export function checkCollector({ hub, executor, metrics }: Project): Finding[] {
  return [
    ...[hub, executor, metrics].flatMap((file) => (file === undefined ? [] : checkSettings(file))),
    ...(metrics === undefined ? [] : checkPush(metrics)),
  ];
}

/** The settings in the file, each with its rule. */
const SETTINGS: readonly [name: string, fits: (value: string) => boolean, rule: string][] = [
  ["OTLP_ENDPOINT", (value) => otlpUrl(value, "traces") !== undefined, OTLP_ENDPOINT_RULE],
  ["OTLP_HEADERS", (value) => readOtlpHeaders(value) !== undefined, OTLP_HEADERS_RULE],
  ["OTLP_SAMPLE_RATE", (value) => isSampleRate(Number(value)), SAMPLE_RATE_RULE],
];

function checkSettings({ config: { vars = {} }, place }: WranglerFile): Finding[] {
  const faults = SETTINGS.flatMap(([name, fits, rule]) => {
    const value = vars[name];
    if (value === undefined || value === "" || fits(String(value))) return [];
    return [fault(place(["vars", name]), `${name} is none: nothing goes to the collector`, `it ${rule}`)];
  });
  if (vars.OTLP_HEADERS === undefined) return faults;
  const where = place(["vars", "OTLP_HEADERS"]);
  return [...faults, note(where, "OTLP_HEADERS is a variable, which everybody reads", "wrangler secret put it")];
}

function checkPush(metrics: WranglerFile): Finding[] {
  const pushed = Boolean(metrics.config.vars?.OTLP_ENDPOINT);
  const called = cronsOf(metrics).length > 0;
  if (pushed === called) return [];
  if (called) {
    const what = "the metrics Worker has a cron and no OTLP_ENDPOINT here: nothing is pushed";
    return [note(metrics.place(["triggers", "crons"]), what, "set OTLP_ENDPOINT of its vars, or take the cron away")];
  }
  const todo = `set "triggers": { "crons": ${JSON.stringify(DEFAULT_PUSH_SCHEDULES)} }`;
  const what = "the metrics Worker has an OTLP_ENDPOINT and no cron: nothing is pushed";
  return [note(metrics.place(["vars", "OTLP_ENDPOINT"]), what, todo)];
}
