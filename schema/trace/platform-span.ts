import type { Attributes } from "./span.ts";
import { type SpanContext, spanContextOf, traceparentOf } from "./traceparent.ts";

/** The parts that we use of a span of the platform's own tracing. Older runtimes lack some of them, or all. */
interface PlatformSpan {
  isTraced?: boolean;
  spanContext?(): { traceId: string; spanId: string; traceFlags: number } | undefined;
  setAttributes?(attributes: Attributes): unknown;
}

/**
 * The platform's span of this invocation, if the platform records it. `undefined` if the platform has no such API or does not record, as in a local
 * stack: otherwise our spans would have a parent that nobody has. Never throws.
 *
 * @see https://developers.cloudflare.com/workers/observability/traces/custom-spans/
 */
export function platformSpan(ctx: object): SpanContext | undefined {
  const { traceId = "", spanId = "", traceFlags = 0 } = contextOf(ctx) ?? {};
  const context = spanContextOf(traceparentOf({ traceId, spanId, sampled: (traceFlags & 1) === 1 }));
  return context?.sampled === true ? context : undefined;
}

/** Adds attributes to the platform's own span of this invocation, to say what it was for, if the platform traces it. Never throws. */
export function annotate(ctx: object, attributes: Attributes): void {
  try {
    const span = activeSpan(ctx);
    if (span?.isTraced === true) span.setAttributes?.(attributes);
  } catch {
    // The platform's span exists without them, too.
  }
}

const activeSpan = (ctx: object) =>
  (ctx as { tracing?: { getActiveSpan?(): PlatformSpan | undefined } }).tracing?.getActiveSpan?.();

function contextOf(ctx: object): ReturnType<NonNullable<PlatformSpan["spanContext"]>> {
  try {
    return activeSpan(ctx)?.spanContext?.();
  } catch {
    return undefined;
  }
}
