import fc from "fast-check";
import * as v from "valibot";
import { beforeEach, describe, expect, test } from "vitest";
import { destinationNameFault } from "../../schema/config/destinations/index.ts";
import { destinationOf, parseRouteConfig, RouteConfigError } from "../../schema/config/routes.ts";
import { emitErrorCode } from "../../schema/contract/index.ts";
import { encodePayload } from "../../schema/payload/encode.ts";
import { DispatchMessage, type DispatchNotice } from "../../schema/queue/messages.ts";
import { errorText } from "../../schema/text/error-text.ts";
import { codePoints } from "../../schema/text/unicode.ts";
import {
  MAX_DELAY_SECONDS,
  MAX_GROUP_BYTES,
  MAX_GROUP_SIZE,
  MAX_PAYLOAD_BYTES,
  MAX_REASON_LENGTH,
} from "../../schema/vocabulary/limits.ts";
import { DISPATCH_STATUSES, EXECUTION_RESULTS } from "../../schema/vocabulary/statuses.ts";
import { checkOptions } from "../../workers/hub/emit/check-options.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { group } from "../../workflows/group.ts";
import { instanceIdOf } from "../../workflows/instance-id.ts";
import { readOutcome, settle } from "../../workflows/outcome.ts";
import { cases } from "../support/cases.ts";

/**
 * Hostile input of every kind at every entrance: 5,000 cases per run, and 200,000 with `npm run fuzz`. fast-check prints the seed of a case that
 * fails.
 */

const SECRET = "s3cr3t-of-the-producer";
const hostileText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "",
    "\0",
    "\ud800",
    "__proto__",
    "constructor",
    "toString",
    "'; drop table eventhub.events; --",
    "$1",
    SECRET,
  ),
);
const anything = fc.anything({
  key: hostileText,
  values: [
    fc.constantFrom<unknown>(-0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -1),
    hostileText,
    fc.boolean(),
    fc.double(),
  ],
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withObjectString: true,
  withSparseArray: true,
  withTypedArray: true,
});

const mostly = (right: fc.Arbitrary<unknown>, wrong: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 25, arbitrary: right }, wrong);

/** An object with some of the right keys, each with a right value or with anything at all. */
const almost = (keys: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(Object.fromEntries(Object.entries(keys).map(([key, right]) => [key, mostly(right, anything)])), {
    requiredKeys: [],
  });

/** The number of cases, and of those that were accepted: a fuzz test that never gets past the door shows nothing. */
let made = 0;
let taken = 0;
beforeEach(() => {
  made = 0;
  taken = 0;
});

function refusalOf(call: () => unknown): Error | undefined {
  made += 1;
  try {
    call();
    taken += 1;
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return error as Error;
  }
}

describe("emit()", () => {
  test("accepts a payload as JSON represents it, or refuses it with a code and a place without its values", () => {
    const payload = fc.oneof(
      anything,
      fc.dictionary(hostileText, anything),
      fc.object({ key: hostileText, values: [hostileText] }),
    );
    fc.assert(
      fc.property(payload, (value) => {
        let encoded: ReturnType<typeof encodePayload> | undefined;
        const refusal = refusalOf(() => {
          encoded = encodePayload(value, "event");
        });
        if (refusal !== undefined) {
          expect(["invalid_payload", "too_large"]).toContain(emitErrorCode(refusal));
          expect(refusal.message.length).toBeLessThan(500);
          // The place names keys, which are not values; the fault comes after it.
          expect(refusal.message.slice(refusal.message.lastIndexOf(": "))).not.toContain(SECRET);
          return;
        }
        const { json, bytes } = encoded ?? { json: "", bytes: 0 };
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        // More if a number has an exponent, which Postgres writes out.
        expect(bytes).toBeGreaterThanOrEqual(Buffer.byteLength(json));
        expect(bytes).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
        // Characters that Postgres' jsonb does not accept.
        expect(json).not.toMatch(/(?<!\\)(\\\\)*\\u0000/);
        expect(json.isWellFormed() && !/\\ud[89a-f]/i.test(json.replaceAll("\\\\", ""))).toBe(true);
      }),
      cases(5_000),
    );
    expect(taken / made).toBeGreaterThan(0.05);
  });

  test("accepts valid options, and refuses others with a code", () => {
    const options = almost({
      idempotencyKey: mostly(fc.string({ minLength: 1 }), hostileText),
      delaySeconds: mostly(fc.double({ min: 0, max: 100, noNaN: true }), fc.double()),
      deliverAt: fc.oneof(
        fc.date(),
        fc.constantFrom("2026-12-24T18:00:00Z", "2026-12-24", "tomorrow", "+275760-09-13T00:00:00Z"),
      ),
      traceparent: fc.constantFrom("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0af", ""),
    });
    fc.assert(
      fc.property(fc.oneof(anything, options), (value) => {
        const refusal = refusalOf(() => {
          const { idempotencyKey, delaySeconds, deliverAt } = checkOptions(value);
          expect(
            idempotencyKey === undefined || (codePoints(idempotencyKey) <= 255 && idempotencyKey.isWellFormed()),
          ).toBe(true);
          expect(delaySeconds === undefined || (delaySeconds >= 0 && delaySeconds <= MAX_DELAY_SECONDS)).toBe(true);
          expect(deliverAt === undefined || !Number.isNaN(deliverAt.getTime())).toBe(true);
        });
        if (refusal === undefined) return;
        expect(emitErrorCode(refusal)).toBe("invalid_options");
        expect(refusal.message.length).toBeLessThan(500);
      }),
      cases(3_000),
    );
    expect(taken / made).toBeGreaterThan(0.03);
  });
});

describe("a configuration", () => {
  const small = mostly(fc.integer({ min: 1, max: 10 }), fc.integer());
  const route = almost({
    name: mostly(fc.uuid(), hostileText),
    destination: mostly(
      fc.constantFrom("A", "B_2"),
      fc.oneof(hostileText, fc.constantFrom("EVENTHUB_QUEUE", "DATABASE_URL", "DISPATCH", "constructor")),
    ),
    condition: almost({
      path: mostly(fc.constantFrom("$.a", "$..*", "$.a[?@.b]"), fc.constantFrom("$[", "")),
      exact: fc.oneof(fc.string(), fc.integer()),
      match: fc.constantFrom("^a", "("),
    }),
    delaySeconds: small,
    maxRetries: small,
    retryDelay: almost({
      type: fc.constantFrom("constant", "exponential"),
      interval: small,
      base: small,
      max: small,
    }),
    timeoutSeconds: small,
    enabled: fc.boolean(),
  });
  const configuration = almost({
    defaultMaxRetries: small,
    destinations: fc.dictionary(
      hostileText,
      almost({ kind: fc.constantFrom("worker", "r2", "queue"), groupSize: small }),
    ),
    routes: fc.array(route, { maxLength: 5 }),
  });

  test("is read with destinations that only bindings of destinations can have, or refused with every fault", () => {
    fc.assert(
      fc.property(fc.oneof(anything, configuration), (value) => {
        const refusal = refusalOf(() => {
          const config = parseRouteConfig(value);
          for (const name of [
            ...Object.keys(config.destinations),
            ...config.routes.map(({ destination }) => destination),
          ])
            expect(destinationNameFault(name)).toBeUndefined();
          for (const name of ["DATABASE_URL", "EVENTHUB_QUEUE", "DISPATCH"])
            expect(destinationOf(config, name)).toBeUndefined();
        });
        if (refusal === undefined) return;
        expect(refusal).toBeInstanceOf(RouteConfigError);
        expect((refusal as RouteConfigError).faults.length).toBeGreaterThan(0);
        expect(refusal.message.length).toBeLessThan(25_000);
      }),
      cases(2_500),
    );
    expect(taken / made).toBeGreaterThan(0.005);
  });

  test("is compiled to routes that can judge anything that emit() accepts, or refused", () => {
    fc.assert(
      fc.property(configuration, fc.object(), (value, payload) => {
        const refusal = refusalOf(() => {
          for (const { destination } of compileRoutes(value).match(JSON.parse(JSON.stringify(payload))))
            expect(destinationNameFault(destination)).toBeUndefined();
        });
        if (refusal !== undefined) expect(refusal).toBeInstanceOf(RouteConfigError);
      }),
      cases(1_500),
    );
    expect(taken / made).toBeGreaterThan(0.01);
  });
});

test("a queue message is read into values that Postgres and the engine accept, or rejected", async () => {
  const notice = fc.record(
    {
      id: fc.uuid(),
      destination: fc.constantFrom("A", "B", "__proto__"),
      generation: mostly(fc.nat(5), fc.oneof(fc.integer(), fc.constant(2 ** 31))),
      dueAt: mostly(fc.nat(5_000), fc.double()),
      bytes: mostly(fc.nat(2_000_000), fc.maxSafeInteger()),
      timeoutSeconds: mostly(fc.integer({ min: 1, max: 600 }), fc.oneof(fc.integer(), fc.constant(2 ** 40))),
      alone: fc.constant(true),
      limit: fc.integer({ min: 1, max: 100 }),
      learned: fc.integer({ min: 10, max: 100 }),
      enqueues: fc.integer({ min: 1 }),
    },
    { requiredKeys: ["id", "destination", "generation", "dueAt", "bytes", "timeoutSeconds"] },
  );
  const message = fc.oneof(
    anything,
    almost({ v: fc.constant(1), dispatches: fc.array(mostly(notice, anything), { maxLength: 6 }) }),
  );
  await fc.assert(
    fc.asyncProperty(message, fc.integer({ min: 1, max: MAX_GROUP_SIZE }), async (body, groupSize) => {
      made += 1;
      const parsed = v.safeParse(DispatchMessage, body);
      if (!parsed.success) return;
      taken += 1;
      const notices = parsed.output.dispatches;
      const groups = group(notices, { workflows: ["DISPATCH"], groupSize });
      const pairs = (list: readonly Pick<DispatchNotice, "id" | "generation">[]) =>
        list.map(({ id, generation }) => `${id} ${generation}`).sort();
      expect(pairs(groups.flatMap(({ members }) => members))).toEqual(pairs(notices));
      for (const one of groups) {
        const own = notices.filter(({ id }) => one.members.some((member) => member.id === id));
        expect(one.members.length).toBeLessThanOrEqual(groupSize);
        if (one.members.length > 1)
          expect(own.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(MAX_GROUP_BYTES);
        expect(new Date(one.dueAt).getTime()).not.toBeNaN();
        expect(one.members.every(({ generation }) => generation >= 0 && generation < 2 ** 31)).toBe(true);
        expect(await instanceIdOf(one)).toMatch(/^[a-zA-Z0-9_-]{1,100}$/);
      }
    }),
    cases(3_000),
  );
  expect(taken / made).toBeGreaterThan(0.1);
});

describe("a handler", () => {
  test("can return anything, and the outcome can be recorded", () => {
    const answer = fc.oneof(
      anything,
      almost({
        result: fc.constantFrom("complete", "ignored", "failed", "lost", "COMPLETE"),
        reason: fc.oneof(hostileText, fc.string({ minLength: 900, maxLength: 2_000, unit: "binary" })),
        retryAfterSeconds: fc.double(),
        retry: fc.boolean(),
      }),
    );
    const dispatch = { attempt: 1, maxRetries: 1, retryDelay: { type: "exponential", base: 1, max: 60 } } as const;
    fc.assert(
      fc.property(answer, (value) => {
        const { result, status, reason, delaySeconds } = settle(readOutcome(value), dispatch);
        expect(EXECUTION_RESULTS).toContain(result);
        expect(DISPATCH_STATUSES).toContain(status);
        expect(
          reason === null ||
            (codePoints(reason) <= MAX_REASON_LENGTH && reason.isWellFormed() && !reason.includes("\0")),
        ).toBe(true);
        expect(delaySeconds).toBeGreaterThanOrEqual(0);
        expect(delaySeconds).toBeLessThanOrEqual(MAX_DELAY_SECONDS);
        if (status === "complete" || status === "ignored")
          expect([value, (value as { result?: unknown }).result]).toContain(status);
      }),
      cases(4_000),
    );
  });

  test("can throw anything, and there is a text for it", () => {
    fc.assert(
      fc.property(anything, (thrown) => {
        expect(errorText(thrown).length).toBeLessThanOrEqual(300);
      }),
      cases(1_000),
    );
    expect(errorText({ toString: null })).toBe('{"toString":null}');
    expect(errorText(Object.create(null))).toBe("{}");
  });
});
