import { describe, expect, test } from "vitest";
import { padTo, shorten, widthOf } from "../../infra/cli/text-width.ts";
import { printable, printableJson, printableLines } from "../../schema/text/printable.ts";
import { printableHtml } from "../../workers/console/guards/printable-html.ts";

describe("text of others is escaped", () => {
  test.each([
    ["clears the screen", "\u001b[2J\u001b[H", "\\u001b[2J\\u001b[H"],
    ["sets the title", "\u001b]0;pwned\u0007", "\\u001b]0;pwned\\u0007"],
    ["writes the clipboard", "\u001b]52;c;cm0gLXJm\u001b\\", "\\u001b]52;c;cm0gLXJm\\u001b\\"],
    ["is a C1 control", "\u009b31m\u0085\u0090", "\\u009b31m\\u0085\\u0090"],
    [
      "overrides the order of letters",
      "gnp.\u202eexe\u202c\u2066\u2069\u200e\u061c",
      "gnp.\\u202eexe\\u202c\\u2066\\u2069\\u200e\\u061c",
    ],
    ["begins a line", "a\nb\r\nc\u2028d\u2029e\u000bf", "a\\nb\\r\\nc\\u2028d\\u2029e\\u000bf"],
    ["goes back", "secret\b\b\u007f\t", "secret\\b\\b\\u007f\\t"],
    ["does not show", "pay\u200bpal\u00ad\ufeff\u2060\u{e0041}", "pay\\u200bpal\\u00ad\\ufeff\\u2060\\udb40\\udc41"],
    ["is half a pair", "\ud800", "\\ud800"],
    ["is a U+0000", "\0", "\\u0000"],
  ])("if it %s", (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test.each(["order 7: ä ö ß", "👩‍👩‍👧‍👦 🏳️‍🌈", "می‌خواهم", "שלום", "日本語", "\\u001b"])(
    "and any other text is unchanged: %s",
    (text) => {
      expect(printable(text)).toBe(text);
    },
  );

  test("but line breaks of our own messages stay", () => {
    expect(printableLines("a\u001b\nb\r\n")).toBe("a\\u001b\nb\\r\n");
  });

  test("and JSON with such characters still parses to the same value", () => {
    const value = Array.from(
      { length: 0x2100 },
      (_, code) => String.fromCharCode(code) + String.fromCodePoint(0xe0000 + code),
    );
    for (const indent of [undefined, 2]) {
      const text = printableJson({ value }, indent);
      expect(JSON.parse(text)).toEqual({ value });
      expect(printableLines(text)).toBe(text);
    }
  });
});

describe("columns are counted as people see them,", () => {
  test.each([
    ["abc", 3],
    ["日本", 4],
    ["👩‍👩‍👧‍👦", 2],
    ["e\u0301", 1],
    ["", 0],
  ])("so that %s takes %d columns", (text, width) => {
    expect(widthOf(text)).toBe(width);
    expect(padTo(text, 6)).toBe(text + " ".repeat(6 - width));
  });

  test.each([
    ["abcdef", 6, "abcdef"],
    ["abcdefg", 6, "abcde…"],
    ["日本語です", 6, "日本…"],
    ["ab👩‍👩‍👧‍👦cd", 4, "ab…"],
    ["ab👩‍👩‍👧‍👦cd", 6, "ab👩‍👩‍👧‍👦cd"],
    ["abe\u0301\u0301cd", 4, "abe\u0301\u0301…"],
    [`a${"\u0301".repeat(40)}b`, 6, "\ufffdb"],
  ])("so that %s in %d columns is %s", (text, width, shown) => {
    expect(shorten(text, width)).toBe(shown);
  });
});

test("text of a page is made printable, but not the content of its forms and scripts", () => {
  const rlo = "\u202e";
  expect(
    printableHtml(
      `<title>${rlo}</title>\n<p title="${rlo}" data-copy="${rlo}">a${rlo}<b>b\u009b</b></p><textarea name="x">\n${rlo}</textarea>` +
        `<input value="${rlo}" aria-label="${rlo}"><script type="application/json">"${rlo}"</script>`,
    ),
  ).toBe(
    `<title>\\u202e</title>\n<p title="\\u202e" data-copy="${rlo}">a\\u202e<b>b\\u009b</b></p><textarea name="x">\n${rlo}</textarea>` +
      `<input value="${rlo}" aria-label="\\u202e"><script type="application/json">"${rlo}"</script>`,
  );
});
