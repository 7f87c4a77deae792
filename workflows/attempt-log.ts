import type { ExecutionRecord } from "../schema/queries/dispatches/record-executions.ts";
import { log } from "../schema/text/log.ts";
import { traceIdOf } from "../schema/trace/traceparent.ts";
import { MAX_LOGGED_IDS } from "../schema/vocabulary/limits.ts";
import type { LogFields } from "../schema/vocabulary/log-events.ts";
import { isDelivered } from "../schema/vocabulary/statuses.ts";
import { type TracedRow, traceContextOf } from "./attempt-trace.ts";
import type { Outcome } from "./outcome.ts";
import { platformWord } from "./platform-refusals.ts";

type Listed = LogFields<"dispatch.attempted">["dispatches"][number];

/**
 * One line per group, not per dispatch: lines are billed. It lists {@link MAX_LOGGED_IDS} dispatches at most, first those that did not succeed. Of the
 * reasons, which are in the records, it contains only those that name what the executor lacks, and the platform's own words if it refused a call. The
 * others may quote a payload.
 */
export class AttemptLog {
  readonly #spans: boolean;
  readonly #failed: Listed[] = [];
  readonly #well: Listed[] = [];
  readonly #causes = new Set<string>();
  #count = 0;

  /** @param spans Whether attempts have spans, and so, if they are repeated by a person, traces of their own. */
  constructor(spans: boolean) {
    this.#spans = spans;
  }

  add(record: ExecutionRecord, { logged }: Outcome, row: TracedRow & { event_id: string }): void {
    const { dispatchId, attempt, result, status, reason } = record;
    this.#count++;
    if (logged && reason !== null) this.#causes.add(reason);
    const list = isDelivered(result) ? this.#well : this.#failed;
    if (list.length === MAX_LOGGED_IDS) return;
    const traceId = traceIdOf(traceContextOf(row, this.#spans).traceparent);
    const platform = result === "failed" ? platformWord(reason)?.words : undefined;
    list.push({ dispatchId, eventId: row.event_id, traceId, attempt, result, status, platform });
  }

  /** Logs them, if there are any. */
  write(instanceId: string): void {
    if (this.#count === 0) return;
    const dispatches = [...this.#failed, ...this.#well].slice(0, MAX_LOGGED_IDS);
    const more = this.#count - dispatches.length;
    log(this.#failed.length === 0 ? "info" : "warn", "dispatch.attempted", {
      instanceId,
      dispatches,
      more: more === 0 ? undefined : more,
      causes: this.#causes.size === 0 ? undefined : [...this.#causes],
    });
  }
}
