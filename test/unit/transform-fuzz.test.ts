import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventPayload } from "../../schema/contract/index.ts";
import { encodePayload } from "../../schema/payload/encode.ts";
import { MAX_PAYLOAD_BYTES, MAX_TRANSFORM_GROWTH_BYTES } from "../../schema/vocabulary/limits.ts";
import { compileTransform } from "../../workflows/transform/compile.ts";
import { TransformFault } from "../../workflows/transform/fault.ts";
import { natives } from "../../workflows/transform/natives.ts";
import { cases } from "../support/cases.ts";

/** Expressions with the whole language, and payloads that pretend to be something else. The result is always a payload or a fault, in time. */

const AT = new Date("2026-11-24T08:30:00.250Z");
const NAMES = ["a", "b", "list", "text", "deep"];
const name = fc.constantFrom(...NAMES);
const builtin = fc.constantFrom(...natives().keys());
const literal = fc.constantFrom(
  "0",
  "1",
  "-1",
  "100",
  "10000",
  "1e300",
  '""',
  '"a"',
  '"aaaaaaaa"',
  '"$0$1"',
  '"[Y0001]-[M01]"',
  '"#,##0.00"',
  "null",
  "true",
  "[]",
  "{}",
  "/a+/",
  "/(a|b)*c/i",
  "/./",
);

const { expression } = fc.letrec<{ expression: string; condition: string }>((tie) => {
  const part = tie("expression");
  return {
    condition: part,
    expression: fc.oneof(
      { maxDepth: 6, depthSize: "small" },
      literal,
      fc.oneof(name, fc.constantFrom("$", "$$", "$x", "$f", "*", "**")),
      fc
        .tuple(
          part,
          fc.constantFrom("+", "-", "*", "/", "%", "&", "=", "!=", "<", ">", "and", "or", "in", "~>", "."),
          part,
        )
        .map(([l, op, r]) => `(${l} ${op} ${r})`),
      fc
        .tuple(builtin, fc.array(fc.oneof(part, fc.constantFrom("?", "$sum", "$string")), { maxLength: 4 }))
        .map(([f, args]) => `$${f}(${args.join(", ")})`),
      fc.array(part, { maxLength: 4 }).map((parts) => `[${parts.join(", ")}]`),
      fc
        .array(fc.tuple(name, part), { maxLength: 4 })
        .map((pairs) => `{${pairs.map(([k, v]) => `"${k}": ${v}`).join(", ")}}`),
      fc.tuple(part, part).map(([l, r]) => `[${l}..${r}]`),
      fc.tuple(part, part).map(([l, r]) => `(${l})[${r}]`),
      fc.tuple(part, part, part).map(([c, t, e]) => `(${c} ? ${t} : ${e})`),
      fc.tuple(part, part).map(([v, body]) => `($x := ${v}; $f := function($x, $y){ ${body} }; ${body})`),
      fc.tuple(part, part).map(([l, r]) => `$map(${l}, function($x, $i){ ${r} })`),
      fc.tuple(part, part).map(([l, r]) => `$reduce(${l}, function($x, $y){ ${r} })`),
      part.map((body) => `$f(${body})`),
      fc.tuple(part, part, part).map(([v, p, u]) => `(${v} ~> |${p}|${u}, ["a"]|)`),
      fc.tuple(part, part, part).map(([v, k, w]) => `(${v}){ $string(${k}): ${w} }`),
      fc.tuple(part, part).map(([l, r]) => `(${l})^(${r})`),
      fc.tuple(name, part).map(([l, r]) => `${l}@$x#$y.(${r})`),
    ),
  };
});

const payload = fc
  .dictionary(
    fc.oneof(
      name,
      fc.constantFrom("__proto__", "_jsonata_lambda", "tupleStream", "outerWrapper", "sequence", "@", "toString"),
    ),
    fc.jsonValue({ maxDepth: 5 }),
  )
  .map(
    (value) =>
      JSON.parse(
        JSON.stringify({ list: [{ a: 1, b: "x" }, { a: [2, [3]] }], text: "aaaabbbbcccc", ...value }),
      ) as EventPayload,
  );

const outcome = async (source: string, given: EventPayload): Promise<string> => {
  try {
    return JSON.stringify(await compileTransform(source).run(given, AT));
  } catch (error) {
    if (!(error instanceof TransformFault)) throw error;
    return `fault: ${error.message}`;
  }
};

test("any expression on any payload gives a payload or a fault, and the same one again", async () => {
  const seen = { payloads: 0, faults: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        expression,
        expression.map((e) => `{ "a": ${e} }`),
      ),
      payload,
      async (source, given) => {
        const before = JSON.stringify(given);
        const first = await outcome(source, given);
        expect(JSON.stringify(given)).toBe(before);
        expect(await outcome(source, given)).toBe(first);
        if (first.startsWith("fault: ")) {
          seen.faults++;
          return;
        }
        seen.payloads++;
        const { bytes } = encodePayload(JSON.parse(first), "result");
        expect(bytes).toBeLessThanOrEqual(Math.min(MAX_PAYLOAD_BYTES, before.length * 3 + MAX_TRANSFORM_GROWTH_BYTES));
      },
    ),
    cases(3_000),
  );
  // Otherwise the expressions are all nonsense, and nothing was tried.
  const all = seen.payloads + seen.faults;
  expect(seen.payloads).toBeGreaterThan(all / 6);
  expect(seen.faults).toBeGreaterThan(all / 15);
}, 300_000);

test("the library still works after all those expressions, and Object.prototype is unchanged", async () => {
  const sane =
    '{ "n": $sum([1, 2]), "s": $string([1]), "m": $map([1, 2], function($v) { $v + 1 }), "u": $uppercase("a") }';
  expect(await outcome(sane, {})).toBe('{"n":3,"s":"[1]","m":[2,3],"u":"A"}');
  expect(({} as Record<string, unknown>).a).toBeUndefined();
});
