import { BlockList } from "node:net";
import fc from "fast-check";
import { jsonpath } from "json-p3";
import { describe, expect, test } from "vitest";
import { parseIsoTime } from "../../../schema/vocabulary/iso-time.ts";
import {
  MAX_DESCENDANT_SEGMENTS,
  MAX_PATH_FANOUT,
  MAX_PATTERN_INSTRUCTIONS,
} from "../../../schema/vocabulary/limits.ts";
import { inBlock, parseAddress, parseBlock } from "../../../workers/hub/routing/operators/addresses.ts";
import { fold } from "../../../workers/hub/routing/operators/fold.ts";
import { compilePattern } from "../../../workers/hub/routing/operators/pattern.ts";
import { matchesWildcard, parseWildcard } from "../../../workers/hub/routing/operators/wildcard.ts";
import { compilePath } from "../../../workers/hub/routing/path/path.ts";
import { cases } from "../../support/cases.ts";
import { payload } from "./arbitraries.ts";

describe("a pattern", () => {
  const fragments = [
    ..."abcAk1 .^$|*+?()[]{}-,\\/é😀",
    "\\d",
    "\\D",
    "\\w",
    "\\W",
    "\\s",
    "\\S",
    "\\b",
    "\\B",
    "\\.",
    "\\n",
    "[^a]",
    "[a-c]",
    "(?:",
    "{2}",
    "{1,}",
    "[^]",
    "[]",
    "\\u0061",
    "\\x62",
    "(?<n>",
    "[😀-😎]",
    "[^😀-😎]",
    "[\\u{1F600}-\\u{1F64F}]",
    "[^\\u{1F600}-\\u{1F64F}a]",
    "[\\uD83D\\uDE00-\\uD83D\\uDE4F]",
    "[k-😀]",
    "[\\u{61}-c]",
    "\\u{61}",
    "\\u{0001F60E}",
  ];
  const texts = fc.string({
    unit: fc.constantFrom(...("abcAk1 .^$-\n\u00a0\u2028é\uff5e😀😎🙏🚀".match(/./gsu) ?? [])),
    maxLength: 8,
  });

  test("finds the same as the JavaScript expression with the flag u", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...fragments), { maxLength: 8 }),
        texts,
        fc.boolean(),
        (parts, text, ignoreCase) => {
          const source = parts.join("");
          if (/\\[1-9]/.test(source)) return; // A backreference, which is refused.
          let expected: boolean;
          try {
            expected = new RegExp(source, ignoreCase ? "iu" : "u").test(text);
          } catch {
            return; // We do not follow the stricter grammar of the u flag.
          }
          expect(compilePattern(source, ignoreCase).test(text)).toBe(expected);
        },
      ),
      cases(3_000),
    );
  });

  test.each([
    ["(?=a)", "has a lookahead, which cannot be matched in linear time"],
    ["(?<!a)b", "has a lookbehind, which cannot be matched in linear time"],
    ["(a)\\1", "has a backreference or an octal escape, \\1: a backreference cannot be matched in linear time"],
    ["(?<n>a)\\k<n>", "has a backreference or an octal escape, \\k: a backreference cannot be matched in linear time"],
    ["\\Aa\\z", "has the escape \\A, which JavaScript does not know (the anchors are ^ and $)"],
    ["(", "is not a regular expression: Unterminated group"],
    ["(?s:.)", "has the modifier (?s:...), of which only i is known"],
    ["(?:a{100}){100}", "is beyond RE2: invalid repeat count: `{100}`"],
    ["[z-a]", "is not a regular expression: the range z-a of a class is out of order"],
    ["[😎-😀]", "is not a regular expression: the range 😎-😀 of a class is out of order"],
    ["[a", "is not a regular expression: Unterminated character class"],
    ["[😀-😎]{2,1}", "is not a regular expression: numbers out of order in {} quantifier"],
    ["[\\uD83D-😎]", "has half of a surrogate pair"],
    ["\\u{110000}", "has an escape above U+10FFFF"],
    ["[a-\\u{110000}]", "has an escape above U+10FFFF"],
    [
      "\\p{Nonsense}",
      "is beyond RE2: it has no property \\p{Nonsense} (it has the short names of categories, such as \\p{Lu}, ",
    ],
    [
      "[\\P{Letter}x]",
      "is beyond RE2: it has no property \\P{Letter} (it has the short names of categories, such as \\p{Lu}, ",
    ],
    [
      "\\p{Script_Extensions=Greek}",
      "has \\p{Script_Extensions=Greek}, and RE2 has no table of script extensions: it knows \\p{Script=Greek}",
    ],
    ["\\P{scx=Greek}", "has \\P{scx=Greek}, and RE2 has no table of script extensions: it knows \\P{Script=Greek}"],
    ["\\p{sc=Lu}", "has \\p{sc=Lu}, which JavaScript does not know"],
    ["\\pL", "has \\p without a property such as \\p{Lu}"],
  ])("is refused with the reason: %s", (source, message) => {
    expect(() => compilePattern(source, false)).toThrow(new RegExp(message.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")));
  });
});

describe("a class of code points beyond U+FFFF", () => {
  test.each(["[😀-😎]", "[\\u{1F600}-\\u{1F60E}]", "[\\uD83D\\uDE00-\\uD83D\\uDE0E]", "[a😀-😎]", "[\\u{1F600}-😎]"])(
    "contains exactly its characters, in match and in a path's match() and search(): %s",
    (source) => {
      const { test } = compilePattern(`^${source}$`, false);
      expect(["😀", "😅", "😎", "😏", "🚀", "\ud83d", "x"].map(test)).toEqual([
        true,
        true,
        true,
        false,
        false,
        false,
        false,
      ]);
      const find = (call: string) => compilePath(`$[?${call}]`, 0).all(["😀", "x😎", "😏", ""]);
      expect(find(`match(@, '${source.replaceAll("\\", "\\\\")}')`)).toEqual(["😀"]);
      expect(find(`search(@, '${source.replaceAll("\\", "\\\\")}')`)).toEqual(["😀", "x😎"]);
    },
  );

  test("contains every other code point if it is negated", () => {
    const { test } = compilePattern("^[^😀-😎]$", false);
    expect(["😀", "😎", "😏", "🚀", "x", "xx", ""].map(test)).toEqual([false, false, true, true, true, false, false]);
  });

  test("can be used beside syntax that the flag u refuses", () => {
    expect(compilePattern("^[😀-😎]\\-{$", false).test("😀-{")).toBe(true);
    expect(compilePattern("^\\u{61}{2}\\u{1F600}+$", false).test("aa😀😀")).toBe(true);
  });
});

describe("a limit", () => {
  test("on a pattern's instructions allows that many, and refuses one more", () => {
    // A class repeated n times compiles to n + 2 instructions.
    const refusal = `compiles to ${MAX_PATTERN_INSTRUCTIONS + 1} instructions, but at most ${MAX_PATTERN_INSTRUCTIONS} are allowed`;
    expect(compilePattern(`[ab]{${MAX_PATTERN_INSTRUCTIONS - 2}}`, false).test("ab")).toBe(false);
    expect(() => compilePattern(`[ab]{${MAX_PATTERN_INSTRUCTIONS - 1}}`, false)).toThrow(refusal);
  });

  test("on a path's fan-out and descendants allows that many, and refuses one more", () => {
    const selectors = (count: number) => `$[${new Array(count).fill("0").join()}]`;
    expect(compilePath(selectors(MAX_PATH_FANOUT), 0).all([1] as never)).toHaveLength(MAX_PATH_FANOUT);
    expect(() => compilePath(selectors(MAX_PATH_FANOUT + 1), 0)).toThrow(
      `selects more than ${MAX_PATH_FANOUT} times over`,
    );
    expect(compilePath(`$${"..a".repeat(MAX_DESCENDANT_SEGMENTS)}`, 0).all({ a: 1 })).toEqual([1]);
    expect(() => compilePath(`$${"..a".repeat(MAX_DESCENDANT_SEGMENTS + 1)}`, 0)).toThrow("descendant segments");
  });
});

describe("fold", () => {
  test("is Unicode's simple case folding, as the flags i and u of JavaScript have it", () => {
    const differences: string[] = [];
    for (let point = 0; point <= 0x10ffff; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const letter = String.fromCodePoint(point);
      for (const other of new Set([letter.toLowerCase(), letter.toUpperCase(), fold(letter)])) {
        if ([...other].length !== 1 || other === letter) continue;
        const same = new RegExp(`^\\u{${point.toString(16)}}$`, "iu").test(other);
        if ((fold(letter) === fold(other)) !== same) differences.push(letter);
      }
    }
    expect(differences).toEqual([]);
  });

  test("folds a part of a text in the same way as the whole", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: "grapheme" }),
        (one, other) => fold(one + other) === fold(one) + fold(other),
      ),
    );
  });
});

describe("a moment", () => {
  test.each([
    ["2026-11-20T08:00:00Z", Date.UTC(2026, 10, 20, 8)],
    ["2026-11-20T08:00:00.5+01:30", Date.UTC(2026, 10, 20, 6, 30, 0, 500)],
    ["2026-11-20T08:00:00.123999Z", Date.UTC(2026, 10, 20, 8, 0, 0, 123)],
    ["2024-02-29", Date.UTC(2024, 1, 29)],
    ["0001-01-01T00:00:00Z", Date.parse("0001-01-01T00:00:00Z")],
    ["2026-11-20T08:00Z", Date.UTC(2026, 10, 20, 8)],
    ["2026-11-20t08:00:00.1z", Date.UTC(2026, 10, 20, 8, 0, 0, 100)],
    ["2026-11-20T08:00:00-00:00", Date.UTC(2026, 10, 20, 8)],
    ["2026-12-31T24:00:00Z", Date.UTC(2027, 0, 1)],
    ["2026-02-28T24:00:00.000+01:00", Date.UTC(2026, 1, 28, 23)],
    ["2016-12-31T23:59:60Z", Date.UTC(2017, 0, 1)],
    ["2016-12-31T18:29:60.9-05:30", Date.UTC(2017, 0, 1)],
  ])("is recognised: %s", (text, time) => expect(parseIsoTime(text)).toBe(time));

  test.each([
    "2026-02-29",
    "2026-13-01",
    "2026-01-01T24:00:01Z",
    "2026-01-01T24:01Z",
    "2026-01-01T24:00:00.001Z",
    "2026-01-01T25:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:60Z",
    "2026-01-01T23:59:60+01:00",
    "2026-01-01T23:59:61Z",
    "2026-01-01T08:00:00+24:00",
    "2026-01-01T08:00:00+0100",
    "2026-01-01T08Z",
    "2026-01-01T08:00:00.Z",
    "2026-01",
    "+002026-01-01",
    "2026-01-01T00:00:00",
    "2026-01-01 00:00:00Z",
    "20260101",
    "2026-1-1",
    "",
    "now",
  ])("is not recognised: %j", (text) => expect(parseIsoTime(text)).toBeUndefined());
});

describe("a block of addresses", () => {
  const ipv4 = fc.ipV4();
  const ipv6 = fc.ipV6();

  test("contains the same addresses as node:net says", () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), fc.oneof(ipv4, ipv6), fc.nat(128), (base, address, length) => {
        const family = base.includes(":") ? "ipv6" : "ipv4";
        if (family !== (address.includes(":") ? "ipv6" : "ipv4")) return;
        const bits = Math.min(length, family === "ipv4" ? 32 : 128);
        const list = new BlockList();
        list.addSubnet(base, bits, family);
        const parsed = parseAddress(base);
        const value = parseAddress(address);
        if (parsed === undefined || value === undefined) throw new Error(`cannot read ${base} or ${address}`);
        const block = { address: parsed, bits: family === "ipv4" ? bits + 96 : bits };
        expect(inBlock(value, block)).toBe(list.check(address, family));
      }),
      cases(2_000),
    );
  });

  test.each([
    "1.2.3",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.4.5",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    "::1.2.3.4.5",
    "1.2.3.4::",
    "fe80::1%eth0",
    "",
    " 1.2.3.4",
  ])("does not accept %j as an address", (text) => expect(parseAddress(text)).toBeUndefined());

  test.each([
    ["10.0.0.0/33", "must have a prefix of at most 32 bits, got 33"],
    ["::/129", "must have a prefix of at most 128 bits, got 129"],
    ["10.0.0.1/24", "has bits set after its prefix of 24 bits"],
    ["10.0.0.0/08", "must be an IPv4 or IPv6 block such as 10.0.0.0/8 or 2001:db8::/32"],
  ])("is refused with the reason: %s", (text, message) => expect(() => parseBlock(text)).toThrow(message));
});

describe("a wildcard", () => {
  test("matches the same texts as the equivalent expression", () => {
    const unit = fc.constantFrom("a", "b", "*", "\\*", "\\\\");
    fc.assert(
      fc.property(
        fc.array(unit, { maxLength: 8 }),
        fc.string({ unit: fc.constantFrom("a", "b", "*", "\\"), maxLength: 10 }),
        (parts, text) => {
          const expression = parts
            .map((part) => (part === "*" ? "[^]*" : part.length === 1 ? part : `\\${part.charAt(1)}`))
            .join("");
          expect(matchesWildcard(parseWildcard(parts.join("")), text)).toBe(new RegExp(`^${expression}$`).test(text));
        },
      ),
      cases(2_000),
    );
  });

  test.each(["\\", "a\\", "\\a"])("is refused: %j", (text) => {
    expect(() => parseWildcard(text)).toThrow("has a \\ before a character other than * and \\");
  });
});

describe("a path", () => {
  test("finds the same values as json-p3", () => {
    const segment = fc.constantFrom(
      ".a",
      ".b",
      "[0]",
      "[-1]",
      "[*]",
      ".*",
      "[1:]",
      "[::-2]",
      "[:-1]",
      "[-2:5:1]",
      '["a","b"]',
      "[0,0]",
      "[?@.a]",
      "[?@.b > 1 || !@.a]",
      '[?@ != "a"]',
      "[?@.a <= $.b]",
      ".__proto__",
      ".constructor",
      ".length",
    );
    const path = fc.array(segment, { maxLength: 4 }).map((segments) => `$${segments.join("")}`);
    fc.assert(
      fc.property(path, fc.boolean(), payload, (text, descend, value) => {
        const query = descend ? `${text}..a` : text;
        const expected = jsonpath.query(query, value as never).values();
        expect(compilePath(query, 0).all(value)).toEqual(expected);
      }),
      cases(3_000),
    );
  });

  test("compares values deeply and texts by code point, and counts code points", () => {
    const find = (text: string, value: unknown) => compilePath(text, 0).all(value as never).length;
    expect(find("$.l[?@ == $.x]", { l: [{ a: [1, { b: null }] }, { a: [1, {}] }], x: { a: [1, { b: null }] } })).toBe(
      1,
    );
    expect(find("$.l[?@ == $.x]", { l: [JSON.parse('{"__proto__":{}}')], x: { y: {} } })).toBe(0);
    expect(find('$[?@ < "😀"]', { a: "\uff5e" })).toBe(1);
    expect(find("$[?length(@) == 1]", { a: "😀", b: [1], c: { d: 1 }, e: "ab" })).toBe(3);
    expect(find("$[?@ < 0.5 && @ > 0.05e0]", [0.25, 0.5, 0.05, 0])).toBe(1);
    expect(find("$[?@ == 0.0||@ == 0e3]", [-0, 0, 1])).toBe(2);
    expect(find("$[?@ == '0.5' || @ == \"'0.5\"]", ["0.5", "'0.5", "5e-1", 0.5])).toBe(2);
    expect(find('$["0.5"]["a 0.5"]', { "0.5": { "a 0.5": 1 } })).toBe(1);
    expect(find("$[?value(@.*) == 1]", { a: [1], b: [1, 1], c: [] })).toBe(1);
  });

  test.each([
    ["a.b", "; a path starts with $"],
    ["$.a.0", "; write [0]"],
    ["$.a[(@.length-1)]", "; script expressions are not part of it"],
    ["$..a..b", "has 2 descendant segments (..), but only 1 is allowed, because they multiply"],
    ["$..a[?@..b]", "has 2 descendant segments (..), but only 1 is allowed, because they multiply"],
    ['$["a","a"]["a","a"]["a","a"]["a","a"]["a","a"]["a","a"]["a","a"]', "selects more than 64 times over"],
    ["$.a[?$.b[*]]", "must have only names and indices in a path from $ in a filter: it is read once per value"],
    ["$.a[?$.b == $.c]", "must not compare two paths from $ in a filter: they would be compared once per value"],
    ["$.a[?length($.b) == 1]", "must not give length() a path from $ in a filter: it would be read once per value"],
    ["$.a[?@ == 00.5]", "is not an RFC 9535 JSONPath: invalid number literal '00.5'"],
    ["$.a[0.5]", "is not an RFC 9535 JSONPath"],
    ["$.a[?match(@.b, 1)]", "must give match() a string as its pattern, not 1"],
    ["$.a[?search(@.b, null)]", "must give search() a string as its pattern, not null"],
    ["$.a[?match(@.b, 'a)(?:b')]", "has a pattern in match() that is not a regular expression: Unmatched ')'"],
    ["$.a[?match(@.b, @.c)]", "must give match() its pattern as a literal, so that it is compiled once"],
    [
      "$.a[?search(@.b, '(?=a)')]",
      "has a pattern in search() that has a lookahead, which cannot be matched in linear time",
    ],
  ])("is refused with the reason: %s", (text, message) => {
    expect(() => compilePath(text, 0)).toThrow(new RegExp(message.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")));
  });
});
