import type { Destination } from "../schema/config/destinations/index.ts";
import type { ExecutionRecord } from "../schema/queries/dispatches/record-executions.ts";
import { ATTRIBUTES, OWN_ATTRIBUTES, SYSTEM } from "../schema/trace/span.ts";
import type { SpanContext } from "../schema/trace/traceparent.ts";
import type { Tracing } from "../schema/trace/tracing.ts";
import { isDelivered } from "../schema/vocabulary/statuses.ts";
import { attemptPlace, type TracedRow } from "./attempt-trace.ts";
import { KINDS } from "./kinds/index.ts";
import type { Outcome } from "./outcome.ts";

/** A dispatch whose attempt has ended. */
interface Attempted extends TracedRow {
  event_id: string;
  destination: string;
  route: string;
  emitted_at: Date;
}

/** Makes the spans of the attempts of one Workflow instance. */
export class AttemptSpans {
  readonly #exporter: Tracing["exporter"];
  readonly #instanceId: string;
  readonly #ambient: SpanContext | undefined;

  /** @param ambient The platform's own span of the step, if it records one. The conventions make it a link. */
  constructor({ exporter }: Tracing, instanceId: string, ambient?: SpanContext) {
    this.#exporter = exporter;
    this.#instanceId = instanceId;
    this.#ambient = ambient;
  }

  /** Call this when an attempt has ended. The span's times are those of the record. */
  ended(
    row: Attempted,
    record: Pick<ExecutionRecord, "attempt" | "result" | "status" | "startedAt" | "finishedAt">,
    { logged, reason }: Pick<Outcome, "logged" | "reason">,
    destination: Destination | undefined,
  ): void {
    const place = attemptPlace(row);
    if (place === undefined) return;
    const { kind = "worker" } = destination ?? {};
    const operation = KINDS[kind].span;
    const startMs = Date.parse(record.startedAt);
    const well = isDelivered(record.result);
    this.#exporter.add({
      ...place.own,
      name: `deliver ${row.destination}`,
      kind: operation.kind,
      parentSpanId: place.parent?.spanId,
      tracestate: place.tracestate,
      links: [place.creation, ...(this.#ambient === undefined ? [] : [this.#ambient])],
      startMs,
      endMs: Date.parse(record.finishedAt),
      attributes: {
        [ATTRIBUTES.system]: SYSTEM,
        [ATTRIBUTES.operationName]: "deliver",
        [ATTRIBUTES.operationType]: operation.type,
        [ATTRIBUTES.destination]: row.destination,
        [ATTRIBUTES.messageId]: row.event_id,
        [ATTRIBUTES.errorType]: well ? undefined : record.result,
        [ATTRIBUTES.serverAddress]: destination && "url" in destination ? hostOf(destination.url) : undefined,
        [OWN_ATTRIBUTES.dispatchId]: row.id,
        [OWN_ATTRIBUTES.attempt]: record.attempt,
        [OWN_ATTRIBUTES.result]: record.result,
        [OWN_ATTRIBUTES.status]: record.status,
        [OWN_ATTRIBUTES.route]: row.route,
        [OWN_ATTRIBUTES.kind]: kind,
        [OWN_ATTRIBUTES.instanceId]: this.#instanceId,
        [OWN_ATTRIBUTES.sinceEmit]: Math.max(0, startMs - row.emitted_at.getTime()),
      },
      // Reasons without `logged` may quote a payload.
      error: well ? undefined : logged === true && reason !== null ? reason : true,
    });
  }

  /** Sends the spans beside the work. Never throws. */
  send(): Promise<void> {
    return this.#exporter.send();
  }
}

const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).hostname : undefined);
