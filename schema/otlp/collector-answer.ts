import { errorText } from "../text/error-text.ts";

/** The most bytes that are read of an answer: it should be a few numbers, and may be endless. */
const MAX_ANSWER_BYTES = 4_096;

/** The member of an answer that says how many were refused, by what was sent. */
const REJECTED = { traces: "rejectedSpans", metrics: "rejectedDataPoints" } as const;

/** What a collector can be sent. */
export type Signal = keyof typeof REJECTED;

/**
 * How many of `sent` items the collector refused although it accepted the request, and its reason. An answer that cannot be read counts as no
 * refusal.
 */
export async function rejectedOf(
  response: Response,
  signal: Signal,
  sent: number,
): Promise<{ rejected: number; error?: string }> {
  try {
    const { partialSuccess } = JSON.parse(await beginningOf(response)) as {
      partialSuccess?: Partial<Record<string, unknown>>;
    };
    const rejected = Number(partialSuccess?.[REJECTED[signal]] ?? 0);
    if (!Number.isSafeInteger(rejected) || rejected <= 0) return { rejected: 0 };
    return {
      rejected: Math.min(rejected, sent),
      error: `the collector refused them: ${errorText(partialSuccess?.errorMessage)}`,
    };
  } catch {
    return { rejected: 0 };
  }
}

async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text;
    bytes += value.byteLength;
    text += decoder.decode(value, { stream: true });
    if (bytes > MAX_ANSWER_BYTES) {
      await reader.cancel();
      return text;
    }
  }
}
