import type { Collector } from "../otlp/collector.ts";
import { sendTo } from "../otlp/send.ts";
import { log } from "../text/log.ts";
import { EXPORT_PAUSE_MS, EXPORT_TIMEOUT_MS, MAX_SPANS_PER_EXPORT, MAX_WAITING_SPANS } from "../vocabulary/limits.ts";
import { otlpJson } from "./otlp-spans.ts";
import type { Span } from "./span.ts";

/** The most exports that one request of the Worker makes; the next request continues. */
const MAX_EXPORTS_IN_TURN = 4;

/** How long to wait beyond the timeout of the last export. */
const MARGIN_MS = 1_000;

/**
 * Sends the spans of one isolate to a collector: many per export, one export at a time. Nobody waits for it, and nothing fails because of it. If the
 * collector is down, slow or hostile, its spans are lost and counted in the log, and it gets no spans for a while.
 */
export class Exporter {
  readonly #collector: Collector;
  #waiting: Span[] = [];
  #dropped = 0;
  /** Until when some request of the Worker is sending the waiting spans. If that request dies, the first one after this time sends them. */
  #carriedUntil = Number.NEGATIVE_INFINITY;
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(collector: Collector) {
    this.#collector = collector;
  }

  /** Keeps a span to be sent. */
  add(span: Span): void {
    if (Date.now() < this.#pausedUntil || this.#waiting.length >= MAX_WAITING_SPANS) this.#dropped++;
    else this.#waiting.push(span);
  }

  /**
   * Sends the waiting spans, unless another request of the Worker is doing so. Waits `afterMs` milliseconds first, in which more may come. Never
   * throws.
   */
  async send(afterMs = 0): Promise<void> {
    const now = Date.now();
    if (this.#waiting.length === 0 || now < this.#carriedUntil) return;
    this.#carriedUntil = now + afterMs + MARGIN_MS;
    try {
      if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
      for (let exports = 0; this.#waiting.length > 0 && exports < MAX_EXPORTS_IN_TURN; exports++) {
        this.#carriedUntil = Date.now() + EXPORT_TIMEOUT_MS + MARGIN_MS;
        await this.#export(this.#waiting.splice(0, MAX_SPANS_PER_EXPORT));
      }
    } finally {
      this.#carriedUntil = Number.NEGATIVE_INFINITY;
    }
  }

  async #export(spans: readonly Span[]): Promise<void> {
    const body = otlpJson(this.#collector.resource, spans);
    const outcome = await sendTo(this.#collector, body, { signal: "traces", sent: spans.length });
    if (!outcome.taken) return this.#failed(spans.length, outcome.error);
    this.#dropped += outcome.rejected;
    this.#tell(outcome.error ?? "the collector was not asked for a while, or there were too many at once");
  }

  #failed(spans: number, error: string): void {
    this.#dropped += spans + this.#waiting.length;
    this.#waiting = [];
    this.#pausedUntil = Date.now() + EXPORT_PAUSE_MS;
    this.#tell(error);
  }

  #tell(error: string): void {
    if (this.#dropped === 0) return;
    log("warn", "trace.spans_dropped", { spans: this.#dropped, error });
    this.#dropped = 0;
  }
}
