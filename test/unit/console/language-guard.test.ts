import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { LANGUAGE_GUARD } from "../../../workers/console/assets/language-guard.ts";

const UPLOT = readFileSync(createRequire(import.meta.url).resolve("uplot/dist/uPlot.iife.min.js"), "utf8");

/** A browser of this language, with the parts that uPlot reads when it loads. */
function browserOf(language: string) {
  class Navigator {
    get language() {
      return language;
    }
  }
  const media = { addEventListener: () => undefined };
  const window = { addEventListener: () => undefined, matchMedia: () => media, dispatchEvent: () => undefined };
  return { window, ...window, navigator: new Navigator(), document: {}, devicePixelRatio: 1, CustomEvent };
}

test("uPlot loads in a browser with an invalid language, and keeps a valid one", () => {
  expect(() => runInNewContext(UPLOT, browserOf("en-US@posix"))).toThrow("Incorrect locale information provided");
  const posix = browserOf("en-US@posix");
  expect(typeof runInNewContext(`${LANGUAGE_GUARD}${UPLOT};uPlot`, posix)).toBe("function");
  const german = browserOf("de-DE");
  runInNewContext(LANGUAGE_GUARD, german);
  expect(german.navigator.language).toBe("de-DE");
});
