import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import type { EventPayload } from "../../schema/contract/index.ts";
import { encodePayload } from "../../schema/payload/encode.ts";
import {
  MAX_PAYLOAD_BYTES,
  MAX_PAYLOAD_DEPTH,
  MAX_PICTURE_LENGTH,
  MAX_ROUTE_NAME_LENGTH,
  MAX_TRANSFORM_GROWTH_BYTES,
  MAX_TRANSFORM_LENGTH,
  MAX_TRANSFORM_LIST_LENGTH,
  MAX_TRANSFORM_TEXT_LENGTH,
} from "../../schema/vocabulary/limits.ts";
import { compileRoutes, explainDelivery, RouteConfigError } from "../../workers/hub/routing/index.ts";
import { compileTransform } from "../../workflows/transform/compile.ts";
import { TransformFault } from "../../workflows/transform/fault.ts";
import { Meter } from "../../workflows/transform/meter.ts";
import { natives } from "../../workflows/transform/natives.ts";
import { checkNumberPicture, checkParsedDate } from "../../workflows/transform/pictures.ts";
import { transformsOf } from "../../workflows/transform/read-transforms.ts";

const AT = new Date("2026-11-24T08:30:00.250Z");
const ORDER: EventPayload = {
  id: 17,
  customer: { name: "Ada", email: "ada@example.com" },
  items: [
    { sku: "a", price: 10, tags: ["x"] },
    { sku: "b", price: 20, tags: ["y"] },
  ],
};

const run = (expression: string, payload: EventPayload = ORDER) => compileTransform(expression).run(payload, AT);

/** What is wrong with an expression, at load or at delivery. */
async function fault(expression: string, payload?: EventPayload): Promise<string> {
  try {
    const result = await run(expression, payload);
    return `no fault: ${JSON.stringify(result).slice(0, 100)}`;
  } catch (error) {
    if (error instanceof TransformFault) return error.message;
    throw error;
  }
}

describe("a transform", () => {
  test.each<[string, unknown]>([
    [`{ "order": id, "to": customer.name, "skus": items.sku }`, { order: 17, to: "Ada", skus: ["a", "b"] }],
    [`$ ~> |customer|{}, ["email"]|`, { ...ORDER, customer: { name: "Ada" } }],
    [
      `$ ~> |items|{ "price": price * 2 }, "tags"|`,
      {
        ...ORDER,
        items: [
          { sku: "a", price: 20 },
          { sku: "b", price: 40 },
        ],
      },
    ],
    [
      `$merge([$sift($, function($v, $k) { $k != "items" }), { "total": $sum(items.price) }])`,
      { id: 17, customer: ORDER.customer, total: 30 },
    ],
    [
      `{ "most": items^(>price)[0].sku, "by": items{ sku: price }, "n": items#$i.{ "i": $i, "s": sku } }`,
      {
        most: "b",
        by: { a: 10, b: 20 },
        n: [
          { i: 0, s: "a" },
          { i: 1, s: "b" },
        ],
      },
    ],
    [
      `{ "r": $replace("John Smith", /(\\w+)\\s(\\w+)/, "$2, $1"), "m": $match("ab1cd2", /([a-z]+?)(\\d)/).groups[0] }`,
      { r: "Smith, John", m: ["ab", "cd"] },
    ],
    [
      `{ "s": $split("a, b ,c", /\\s*,\\s*/), "i": $contains("ÄB", /äb/i), "up": $map(["a", "b"], $uppercase) }`,
      { s: ["a", "b", "c"], i: true, up: ["A", "B"] },
    ],
    [
      `($pad5 := $pad(?, 5, "."); { "p": $pad5("ab"), "e": $base64encode("aé"), "d": $base64decode("YQ==") })`,
      { p: "ab...", e: "Yek=", d: "a" },
    ],
    [`($f := function($n) { $n < 1 ? 0 : 1 + $f($n - 1) }; { "n": $f(200) })`, { n: 200 }],
    [
      '{ "m": $match("ab", /(a)|(b)/), "groups": $match("b", /(a)?b/).groups, "text": $string($match("b", /(a)?b/).groups) }',
      {
        m: [
          { match: "a", index: 0, groups: ["a", null] },
          { match: "b", index: 1, groups: [null, "b"] },
        ],
        groups: [null],
        text: "[null]",
      },
    ],
    [
      '{ "l": $map([1, 2], function($i) { [$match("b", /(a)?b/).groups] }), "r": $replace("xb", /(a)?b/, "<$1>"), "z": $zip($match("b", /(a)?b/).groups, [1]) }',
      { l: [[null], [null]], r: "x<>", z: [[null, 1]] },
    ],
    [
      '{ "t": $toMillis("20261128T0930", "[Y0000][M00][D00]T[H00][m00]"), "u": $toMillis("2026-11-28", "[Y0000]-[M00]-[D00]"), "s": $toMillis("20261128", "[Y0001][M01][D01]") }',
      { t: Date.UTC(2026, 10, 28, 9, 30), u: Date.UTC(2026, 10, 28), s: Date.UTC(2026, 10, 28) },
    ],
    [
      `{ "e": [$base64encode(nowhere), $base64decode(nowhere)], "n": 1e300 + 1, "l": 1e300 < 1e301 }`,
      { e: [], n: 1e300, l: true },
    ],
    [`{ "empty": [], "nothing": nowhere, "null": null, "zero": -0 }`, { empty: [], null: null, zero: 0 }],
  ])("%s", async (expression, expected) => {
    expect(await run(expression)).toEqual(expected);
  });

  test("uses the time of the event as the current time, whenever it is evaluated", async () => {
    const clock = `{ "now": $now(), "ms": $millis(), "date": $now("[Y0001]-[M01]-[D01]"), "today": $fromMillis($toMillis("10:00", "[H01]:[m01]")) }`;
    expect(await run(clock)).toEqual({
      now: "2026-11-24T08:30:00.250Z",
      ms: AT.getTime(),
      date: "2026-11-24",
      today: "2026-11-24T10:00:00.000Z",
    });
    expect(await run(`{ "utc": $toMillis("2026-01-01T00:00:00") }`)).toEqual({ utc: Date.UTC(2026, 0, 1) });
  });

  test("does not change the payload, and returns one that shares nothing with it", async () => {
    const payload = structuredClone(ORDER);
    const result = await run(`($ ~> |$|{ "id": 18 }|; $)`, payload);
    expect(payload).toEqual(ORDER);
    expect(result).toEqual(ORDER);
    expect(result.customer).not.toBe(payload.customer);
  });

  test("treats names that are special in JavaScript as data", async () => {
    const payload = JSON.parse(
      '{"__proto__": {"polluted": true}, "constructor": 1, "_jsonata_lambda": 2}',
    ) as EventPayload;
    const result = await run(`$merge([$, { "__proto__": $lookup($, "__proto__"), "toString": "x" }])`, payload);
    expect(JSON.stringify(result)).toBe(
      '{"__proto__":{"polluted":true},"constructor":1,"_jsonata_lambda":2,"toString":"x"}',
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("is evaluated beside another one without interference", async () => {
    const counting = compileTransform(`{ "n": $count([1..5000].($ + 1)), "id": id }`);
    const results = await Promise.all([1, 2, 3].map((id) => counting.run({ id }, AT)));
    expect(results).toEqual([1, 2, 3].map((id) => ({ n: 5_000, id })));
  });
});

describe("a transform is refused when it is loaded", () => {
  test.each([
    ['{ "a": [ ', /^is not JSONata: Expected "\]" before end of expression \(at character \d+\)$/],
    ['{ "a": $eval("1") }', /^calls \$eval, .* \(at character \d+\)$/],
    ['{ "a": $random() }', /^calls \$random, but a retry must deliver the same/],
    ['{ "a": $shuffle([1, 2]) }', /^calls \$shuffle/],
    ['($r := $random; { "a": $r() })', /^calls \$random/],
    ['{ "a": $contains(a, /a(?=b)/) }', /^the pattern \/a\(\?=b\)\/ has a lookahead/],
    ['{ "a": $contains(a, /(a)\\1/) }', /backreference/],
    ['{ "a": $contains(a, /a/m) }', /has the flag m/],
    ['{ "a": $contains(a, /(a{100}){10}/) }', /instructions, but at most 500 are allowed/],
    ['{ "a": function($x)<a+a+a+:x> { $x }(a) }', /^declares a function with a signature/],
    ['($clone := function($x) { $x }; $ ~> |$|{ "a": 1 }|)', /^gives \$clone another meaning/],
    ...["($clone := $sum; $)", "items@$clone.{}", "items#$clone.{}"].map((expression): [string, RegExp] => [
      expression,
      /^gives \$clone another meaning/,
    ]),
    ["(".repeat(9_000), /^is not JSONata: /],
    [
      '{ "a": $shuffle([1]), "b": $random(), "c": $eval("1") }',
      /^calls \$shuffle.* \(at character 15\); calls \$random.* \(at character 34\); calls \$eval.* \(at character 48\)$/,
    ],
    ['{ "a": $contains(a, /a{1001}/) }', /^the pattern \/a\{1001\}\/ is beyond RE2: /],
  ])("%#: %s", async (expression, message) => {
    expect(await fault(expression)).toMatch(message);
  });

  test("with its place in the configuration, and also on a route without a name", async () => {
    const config = (route: object) => ({ routes: [{ destination: "A" }, { destination: "B", ...route }] });
    const faults = (input: unknown, read: (input: unknown) => unknown) => {
      try {
        read(input);
        return [];
      } catch (error) {
        return error instanceof RouteConfigError
          ? error.faults.map(({ path, message }) => `${path}: ${message}`)
          : [String(error)];
      }
    };
    expect(faults(config({ name: "b", transform: "{" }), compileRoutes)).toEqual([
      'routes[1].transform: is not JSONata: Expected ":" before end of expression (at character 1)',
    ]);
    expect(faults(config({ transform: "$" }), compileRoutes)).toEqual([
      "routes[1].name: is required with a transform: a dispatch finds its route again by its name",
    ]);
    expect(faults(config({ name: "b", transform: 7 }), parseRouteConfig)).toEqual([
      "routes[1].transform: must be a JSONata expression of 1 to 10000 characters, got 7",
    ]);
    const long = (length: number) => config({ name: "b".repeat(MAX_ROUTE_NAME_LENGTH), transform: "$".padEnd(length) });
    expect(faults(long(MAX_TRANSFORM_LENGTH), compileRoutes)).toEqual([]);
    expect(faults(long(MAX_TRANSFORM_LENGTH + 1), compileRoutes)).toHaveLength(1);
  });
});

describe("a transform ends with a fault on delivery", () => {
  test.each([
    ["nowhere", "gives nothing, but a payload must be a JSON object"],
    ["items", "the result: payload must be a JSON object, got an array"],
    ["id", "the result: payload must be a JSON object, got a number"],
    ['{ "f": $sum }', "the result.f is a function, which JSON cannot hold"],
    ['{ "f": [1, function($x) { $x }] }', "the result.f[1] is a function, which JSON cannot hold"],
    ['{ "f": /a/ }', "the result.f is a function, which JSON cannot hold"],
    ['{ "n": 1 / 0 }', "makes Infinity, which JSON does not have"],
    ['{ "n": $number("abc") }', 'Unable to cast value to a number: "abc" (at character 15)'],
    ['$error("no customer")', "no customer (at character 7)"],
    ['$error($pad("", 400, "e"))', `${"e".repeat(299)}… (at character 7)`],
    [
      '{ "half": $split("😀", "")[0] }',
      "the result.half: contains half of a surrogate pair, which is not Unicode text",
    ],
    ['{ "nul": "\\u0000" }', "the result.nul: contains U+0000, which Postgres cannot store"],
    ['$ ~> |$|{ "self": $ }|', "makes a value that is nested deeper than 500 levels, or a cycle"],
    ['($ ~> |$sum|{ "implementation": 1 }|)', "changes with |...|...| something that is not an object"],
    ['($ ~> |[[1]]|{ "length": 4294967295 }|)', "changes with |...|...| something that is not an object"],
    ["$spread($sum)", "takes a function apart"],
    [
      '{ "x": $formatNumber(1, "0", { "grouping-separator": "" }) }',
      "has an option of $formatNumber that is not a text of 1 to 10 characters: grouping-separator",
    ],
    ['{ "x": $fromMillis(1, "[Y,1000000000]") }', "has a picture with a width of more than 99"],
  ])("%s", async (expression, message) => {
    expect(await fault(expression)).toBe(message);
  });
});

describe("an expression is contained, however it is written:", () => {
  const steps = "takes more than 100000 steps";
  const text = "makes a text of more than 1048576 characters";
  test.each<[string, string | RegExp]>([
    [
      `($l := $pad("", 500000, "a"); $m := $l & ""; { "n": $map([1..2000], function($i) { $l = $m }) })`,
      "takes more than 100000 steps",
    ],
    ['{ "n": [1e300..1e300] }', "has a range that ends at a number of more than 2^53"],
    ['($f := function($n) { $f($n + 1) }; { "n": $f(1) })', steps],
    [
      '($f := function($n) { 1 + $f($n + 1) }; { "n": $f(1) })',
      /^has more than 10000 parts waiting for others at once/,
    ],
    ['{ "n": $map([1..10000], function($i) { $map([1..10000], function($j) { $i * $j }) }) }', steps],
    ['{ "n": [1..10000000] }', "makes a list of more than 10000 members (at character 11)"],
    ['{ "n": [1..10000001] }', "makes a list of more than 10000 members (at character 11)"],
    ['{ "n": $map([1..6000], function($i) { [$i, $i] }).$ }', "makes a list of more than 10000 members"],
    [
      '($l := $map([1..8000], function($i) { { "k": $string($i), "v": 1 } }); { "n": $count($keys($l{ k: v })) })',
      "has more than 10000 parts waiting for others at once: a function that calls itself, or the groups of one {...}",
    ],
    ['{ "n": $pad("", 1000000000, "ab") }', text],
    ['{ "n": $join($map([1..10000], function($i) { "x" }), $pad("", 1000)) }', text],
    ['{ "n": $replace($pad("", 10000), " ", $pad("", 1000)) }', text],
    ['{ "n": $replace($pad("", 1000, "a"), /a/, $pad("", 5000)) }', text],
    ['{ "n": $replace($pad("", 3000, "a"), /.+/, $pad("", 1000, "$0")) }', text],
    ['($f := function($s) { $f($s & $s) }; { "n": $f("a") })', text],
    ['($f := function($s) { $f($s & $string($$)) }; { "n": $f("a") })', /^(takes more|makes a text)/],
    [
      '($f := function($x, $n) { $n = 0 ? $x : $f([[$x], [$x]], $n - 1) }; { "n": $string($f(1, 60)) })',
      "makes a value that is too large, written out",
    ],
    [
      '($f := function($x, $n) { $n = 0 ? $x : $f({ "a": $x, "b": $x }, $n - 1) }; $f({}, 60))',
      "makes a value that is too large, written out",
    ],
    [
      '($f := function($x, $n) { $n = 0 ? $x : $f([[$x], [$x]], $n - 1) }; { "n": $f(false, 40) ? 1 : 2 })',
      "makes a value that is too large, written out",
    ],
    [
      '($f := function($x, $n) { $n = 0 ? $x : $f([$x], $n - 1) }; { "n": $f([[1], [1]], 600) })',
      /^(makes a value that is nested|no fault)/,
    ],
    ['{ "n": $contains($pad("", 500000, "a"), $pad("", 400000, "a") & "b") }', /^takes more/],
    ['{ "n": $map([1..1000], function($i) { $contains($pad("", 100000, "a"), /(a*)*b/) }) }', steps],
    ['{ "n": $match($pad("", 100000, "a"), /a(.*b)?/) }', steps],
    ['{ "n": $map([1..100], function($i) { $pad("", 100000) }) }', steps],
    ['($t := $pad("", 1000000); { "n": $count([1..20].{ "t": $t }.**) })', steps],
    ['($l := [$pad("", 1000000)]; { "n": $count([1..20].($l.**)) })', steps],
    ['{ "n": $distinct([1..10000].("xxxxxxxxxxxxxxxxxxxxxxxx" & $)) }', steps],
    ['($l := $pad("", 1000000, "a"); { "n": [1..10000].($l = ($l & "")) })', /^takes more/],
    ['($l := [1..10000]; { "n": [1..10000].($l = [$l]) })', steps],
    ['{ "n": [1..10000].$string($$.items) ~> $join() ~> $eval }', /^calls \$eval/],
    [
      '{ "n": $toMillis($pad("", 60, "a") & "!", "[MNn][MNn][MNn][MNn][MNn][MNn][MNn]") }',
      /^reads a time by a picture that is not simple/,
    ],
    // The library reads a fraction of any length, so several in a row can be read in very many ways.
    [
      `{ "n": $toMillis($pad("", 60, "9") & "!", "${"[f1]".repeat(12)}") }`,
      /^reads a time by a picture that is not simple/,
    ],
  ])("%s", async (expression, message) => {
    const found = await fault(expression);
    if (typeof message === "string") expect(found).toBe(message);
    else expect(found).toMatch(message);
  });

  test.each([
    "_jsonata_lambda",
    "_jsonata_function",
    "tupleStream",
    "outerWrapper",
    "sequence",
    "cons",
    "keepSingleton",
    "keepSingletonArray",
    "thunk",
    "then",
    "isSequence",
    "tuple",
    "implementation",
    "signature",
  ])("a payload's member %s is data like any other", async (mark) => {
    const lying = (text: string) => text.replaceAll("MEMBER", mark);
    const innocent = { x: { MEMBER: true, b: 1, "@": 2 }, MEMBER: true, list: [{ MEMBER: true, b: 1 }, "MEMBER"] };
    for (const expression of [
      "$",
      "$$",
      '$ ~> |x|{ "c": 2 }, "b"|',
      '$ ~> |$|{}, "MEMBER"|',
      '{ "a": x.MEMBER, "b": $lookup(x, "MEMBER"), "c": x.($), "d": x.($.b), "e": $exists(x.MEMBER) }',
      '{ "a": x[b = 1], "b": [x, x].b, "c": x^(b), "d": x{ "k": $string($) }, "e": x[0], "f": list[0].MEMBER }',
      '{ "a": $keys(x), "b": $string(x), "c": $type(x), "d": $merge([x, { "MEMBER": 7 }]), "e": $spread(x) }',
      '{ "a": $map([x], function($v) { $v }), "b": $boolean(x), "c": x and true, "d": $not(x), "e": x = x, "f": $count(x) }',
      '{ "a": $each(x, function($v, $k) { $k & ":" & $v }), "b": $sift(x, function($v, $k) { $k = "MEMBER" }) }',
      '{ "a": list[$ = "MEMBER"], "b": "MEMBER" in list, "c": $distinct(list), "d": x@$y.($y.b), "e": x#$i.b, "f": **.b }',
      "x",
      "$append([x], x)[0]",
    ]) {
      const expected = JSON.stringify(await run(expression, innocent));
      const found = await run(lying(expression), JSON.parse(lying(JSON.stringify(innocent))) as EventPayload);
      expect(JSON.stringify(found)).toBe(lying(expected));
    }
  });

  test("the character U+FFFF is kept beside such a member, too", async () => {
    const payload = { tupleStream: "tupleStream\uffff", "_jsonata_lambda\uffff": "a tupleStream b" };
    expect(await run("$", payload)).toEqual(payload);
    expect(await fault("$error(_jsonata_lambda)", { _jsonata_lambda: "the tupleStream" })).toMatch(/^the tupleStream /);
  });

  test("it gives a payload or a fault, whatever members of the library's objects the payload imitates", async () => {
    const lies = [
      "tupleStream",
      "outerWrapper",
      "sequence",
      "cons",
      "keepSingleton",
      "_jsonata_lambda",
      "_jsonata_function",
      "thunk",
      "then",
    ];
    for (const lie of lies) {
      for (const lied of [true, { type: "function", arguments: [], body: { type: "value", value: 1 } }]) {
        const payload = {
          x: { [lie]: lied, body: { type: "variable", value: "sum" }, arguments: [], implementation: "x", "@": 1 },
          [lie]: lied,
        } as EventPayload;
        for (const expression of [
          "$",
          '{ "a": x.implementation }',
          '{ "a": x() }',
          'x{ "k": $ }',
          '{ "a": [x, x].y, "b": x[0] }',
          '{ "a": $map([1], x) }',
        ]) {
          const found = await fault(expression, payload);
          expect(typeof found).toBe("string"); // a fault or a payload; nothing else is thrown
        }
      }
    }
  });
});

describe("a limit holds at n and not at n + 1:", () => {
  test.each<[string, number, (n: number) => string]>([
    ["characters of a text", MAX_TRANSFORM_TEXT_LENGTH, (n) => `{ "n": $substringBefore($pad("", ${n}), "-") = "" }`],
    ["members of a list", MAX_TRANSFORM_LIST_LENGTH, (n) => `{ "n": $count([1..${n}]) }`],
    ["characters of a picture", MAX_PICTURE_LENGTH, (n) => `{ "n": $formatNumber(1, "${"0".repeat(n)}") }`],
  ])("%s", async (_what, limit, expression) => {
    expect(await fault(expression(limit))).toMatch(/^no fault/);
    expect(await fault(expression(limit + 1))).not.toMatch(/^no fault/);
  });

  test("for the depth of a result", async () => {
    const nested = (depth: number) => {
      let payload: EventPayload = {};
      for (let n = 1; n < depth; n++) payload = { a: payload };
      return payload;
    };
    expect(await fault("$", nested(MAX_PAYLOAD_DEPTH))).toMatch(/^no fault/);
    expect(await fault('{ "a": $ }', nested(MAX_PAYLOAD_DEPTH))).toMatch(/nested deeper/);
  });

  test("for the bytes of a result, with numbers written out as in a payload", async () => {
    const payload = { a: Array<number>(3_000).fill(1e300) };
    expect(await run("$", payload)).toEqual(payload);
    const largest = { a: [...Array<number>(3_470).fill(1e300)], b: "" };
    const { bytes } = encodePayload(largest, "payload");
    largest.b = "x".repeat(MAX_PAYLOAD_BYTES - bytes);
    expect(encodePayload(largest, "payload").bytes).toBe(MAX_PAYLOAD_BYTES);
    expect(await run("$", largest)).toEqual(largest);
    expect(await fault('$merge([$, { "c": 1 }])', largest)).toMatch(/at most 1048576 bytes of JSON, got 1048582/);
  });

  test("for the bytes of a result, both beyond the payload's size and in total", async () => {
    const grown = (bytes: number) => `{ "a": $pad("", ${bytes - '{"a":""}'.length}) }`;
    const small = MAX_TRANSFORM_GROWTH_BYTES + "{}".length;
    expect(await fault(grown(small), {})).toMatch(/^no fault/);
    expect(await fault(grown(small + 1), {})).toBe(
      "gives 65539 bytes of JSON, but 65538 are allowed: 65536 more than the payload has, at most 1048576",
    );
    const large = { a: "x".repeat(MAX_PAYLOAD_BYTES - '{"a":""}'.length) };
    expect(await fault("$", large)).toMatch(/^no fault/);
    expect(await fault('{ "aa": a }', large)).toMatch(/at most 1048576 bytes of JSON, got 1048577/);
  });

  test.each<[string, number, (n: number) => unknown[]]>([
    ["characters of a text that is read as a time", 64, (n) => [" ".repeat(n), "[Y0001]"]],
    ["parts of such a picture", 12, (n) => ["2026", Array(n).fill("[Y1]").join("-")]],
  ])("for the %s", (_what, limit, args) => {
    expect(() => checkParsedDate(args(limit))).not.toThrow();
    expect(() => checkParsedDate(args(limit + 1))).toThrow("a picture that is not simple");
  });

  test("for the characters of a sign of $formatNumber", () => {
    const check = (length: number) => checkNumberPicture("#", { "grouping-separator": ",".repeat(length) });
    expect(() => check(10)).not.toThrow();
    expect(() => check(11)).toThrow("not a text of 1 to 10 characters: grouping-separator");
  });

  test("for the number of steps", () => {
    const meter = new Meter();
    meter.spend(100_000);
    expect(() => meter.spend(1)).toThrow("takes more than 100000 steps");
  });
});

test.each([
  ["[Y0001][M01][D01]", true],
  ["[Y0001]-[MNn][Z]", true],
  ["[Y]-[M] [D]", true],
  ["[Y0001]T[H01]", true],
  ["[Y0001]a[H01]", false],
  ["[Y0001]1[H01]", false],
  ["[Y0001]-[MNn][D01]", false],
  ["[Y][M01]", false],
  ["[ Y 0001 ][M01]", true],
  ["[Yw]", false],
  ["[YW]", false],
])("a time can be read by the picture %s: %s", (picture, simple) => {
  const check = () => checkParsedDate(["2026", picture]);
  if (simple) expect(check).not.toThrow();
  else expect(check).toThrow("reads a time by a picture that is not simple");
});

test("a configuration's transforms are compiled once", () => {
  const config = parseRouteConfig({ routes: [{ name: "a", destination: "A", transform: "$" }, { destination: "A" }] });
  const transforms = transformsOf(config);
  expect([...transforms].map(([name, { place }]) => [name, place])).toEqual([["a", "routes[0].transform"]]);
  expect(transformsOf(config)).toBe(transforms);
  const faulty = parseRouteConfig({ routes: [{ name: "a", destination: "A", transform: "(" }] });
  expect(() => transformsOf(faulty)).toThrow(RouteConfigError);
});

test("every function of the library is known, so that a new one is reviewed", () => {
  const source = readFileSync(new URL("../../node_modules/jsonata/jsonata.js", import.meta.url), "utf8");
  const registered = [...source.matchAll(/(?:staticFrame|environment)\.bind\('(\w+)', defineFunction/g)].map(
    ([, name = ""]) => name,
  );
  const refused = ["eval", "random", "shuffle"];
  expect([...natives().keys(), ...refused].sort()).toEqual(registered.sort());
  expect([...natives().values()].every((native) => typeof native.implementation === "function")).toBe(true);
});

test("explainDelivery shows what a route that matches would deliver, or why it cannot", async () => {
  const routes = compileRoutes({
    routes: [
      { name: "shaped", destination: "A", transform: '{ "id": id }' },
      { name: "broken", destination: "A", transform: "$error(customer.name)" },
      { name: "other", destination: "A", transform: "$", condition: { path: "$.id", exact: 18 } },
      { name: "plain", destination: "B" },
    ],
  });
  expect((await explainDelivery(routes, ORDER, AT)).map(({ name, transformed }) => [name, transformed])).toEqual([
    ["shaped", { payload: { id: 17 } }],
    ["broken", { fault: "routes[1].transform: Ada (at character 7)" }],
    ["other", undefined],
    ["plain", undefined],
  ]);
});

describe("a regular expression differs from JavaScript's own without flags, as README says:", () => {
  test.each<[string, string, unknown]>([
    ["a property is one, and not a p", '$contains("é", /\\p{L}/)', true],
    [
      "an escape of a code point is one, and not many u",
      '[$contains("😀", /\\u{1F600}/), $contains("uu", /^\\u{2}$/)]',
      [true, false],
    ],
    ["a dot takes a code point, and not half of one", '$match("😀", /./).match', "😀"],
    ["i folds as Unicode does", '[$contains("ſ", /s/i), $contains("\u212a", /k/i)]', [true, true]],
    ["a group in a loop keeps what it took in an earlier round", '$match("ab", /(?:(a)|b)*/).groups', ["a"]],
    ["an empty alternative that stands first in a loop is taken", '$split("xaay", /x(?:|a)*/)', ["", "aay"]],
  ])("%s", async (_, expression, expected) => {
    expect(await run(`{ "r": ${expression} }`)).toEqual({ r: expected });
  });
});
