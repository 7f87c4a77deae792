import type { Act, Reply } from "../workers/chaos/wire.ts";
import type { Random } from "./random.ts";

const HUGE_BYTES = 40 * 1024 * 1024;

const SCRIPTS = {
  slow: 0.12,
  ignored: 0.03,
  failing: 0.08,
  throwing: 0.05,
  garbage: 0.03,
  hanging: 0.02,
  late: 0.02,
  asking: 0.02,
  final: 0.01,
  hopeless: 0.01,
  huge: 0.003,
};

const answer = (value: unknown, afterMs?: number): Act => ({
  kind: "answer",
  value,
  ...(afterMs === undefined ? {} : { afterMs }),
});

/** A consumer that is well. */
export const COMPLETE: Act = answer("complete");

/** What a consumer does at each attempt. */
export function inventScript(random: Random): Act[] {
  const times = (act: Act): Act[] => [...Array<Act>(random.integer(1, 2)).fill(act), COMPLETE];
  switch (random.pick(SCRIPTS)) {
    case "slow":
      return [answer("complete", random.integer(50, 1_800))];
    case "ignored":
      return [answer({ result: "ignored", reason: "not mine" })];
    case "failing":
      return times(answer("failed", random.integer(0, 300)));
    case "throwing":
      return times({ kind: "throw" });
    case "garbage":
      return times(answer(random.one<unknown>([null, 17, "done", [], { result: "lost" }, { complete: true }])));
    case "hanging":
      return [{ kind: "hang" }, COMPLETE];
    case "late":
      return [answer("complete", random.integer(6_500, 9_000)), COMPLETE];
    case "asking":
      return times(answer({ result: "failed", retryAfterSeconds: random.integer(1, 3) }));
    case "final":
      return [answer({ result: "failed", retry: false, reason: "never" })];
    case "hopeless":
      return [answer("failed")];
    case "huge":
      return times({ kind: "huge" });
    default:
      return [COMPLETE];
  }
}

/** Attempts that fail for good if there are few retries. Some always do; with more retries most do not. */
export const inventFailures = (random: Random): Act[] =>
  random.chance(0.3)
    ? [answer({ result: "failed", retry: false, reason: "never" })]
    : [answer("failed"), answer("failed", random.integer(0, 300)), COMPLETE];

/** Attempts that ask for a wait, which is longer than calls are taken ahead. */
export const inventAsking = (random: Random): Act[] => [
  ...Array.from({ length: random.integer(1, 2) }, () =>
    answer({ result: "failed", retryAfterSeconds: random.integer(2, 4) }, random.integer(0, 300)),
  ),
  COMPLETE,
];

const REPLIES = {
  slow: 0.12,
  error: 0.12,
  busy: 0.08,
  cut: 0.06,
  redirect: 0.04,
  hanging: 0.04,
  late: 0.03,
  gone: 0.02,
  huge: 0.03,
  "huge error": 0.02,
};

/** What the webhooks' receiver answers to each request. */
export function inventReplies(random: Random): Reply[] {
  const good: Reply = { status: random.one([200, 202, 204]) };
  const times = (reply: Reply): Reply[] => [...Array<Reply>(random.integer(1, 2)).fill(reply), good];
  switch (random.pick(REPLIES)) {
    case "slow":
      return [{ ...good, afterMs: random.integer(50, 1_800) }];
    case "error":
      return times({ status: random.one([500, 502, 503, 404, 401]), afterMs: random.integer(0, 300) });
    case "busy":
      return times({ status: random.one([429, 503]), retryAfter: random.integer(0, 4) });
    case "cut":
      return times("cut");
    case "redirect":
      return times({ status: random.one([301, 302, 307, 308]) });
    case "hanging":
      return ["hang", good];
    case "late":
      return [{ ...good, afterMs: random.integer(6_500, 9_000) }, good];
    case "gone":
      return [{ status: 410 }];
    case "huge":
      return [{ status: 200, bytes: HUGE_BYTES }];
    case "huge error":
      return times({ status: 500, bytes: HUGE_BYTES });
    default:
      return [good];
  }
}
