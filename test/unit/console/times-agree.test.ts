import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { expect, test } from "vitest";
import { exact, relative } from "../../../workers/console/format/time.ts";

const NOW = Date.UTC(2026, 10, 24, 12, 0, 0);
const SCRIPT = new URL("../../../dist/browser/console.browser.js", import.meta.url);

/** An element `<time>` as the server sends it. */
class Time {
  textContent = "";
  readonly #attributes: Map<string, string>;

  constructor(at: Date) {
    this.#attributes = new Map([
      ["datetime", at.toISOString()],
      ["data-format", "relative"],
    ]);
  }
  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }
  setAttribute(name: string, value: string): void {
    this.#attributes.set(name, value);
  }
}

/** Lets the browser's script, as it is served, write these times at {@link NOW}. */
function tell(times: readonly Time[]): void {
  class FixedDate extends Date {
    constructor(...args: [] | [string | number]) {
      super(args.length === 0 ? NOW : args[0]);
    }
    static override now = () => NOW;
  }
  const nothing = () => undefined;
  const document = {
    documentElement: { classList: { add: nothing } },
    getElementById: () => null,
    querySelector: () => null,
    addEventListener: nothing,
    querySelectorAll: (selector: string) => (selector === "time[data-format]" ? times : []),
  };
  const page = {
    document,
    location: { href: "http://localhost/" },
    URL,
    Date: FixedDate,
    // The reader has chosen UTC, so the zone of this machine does not matter.
    localStorage: { getItem: () => "UTC" },
    setInterval: nothing,
    addEventListener: nothing,
  };
  runInContext(readFileSync(SCRIPT, "utf8"), createContext(page));
}

test("browser and server show each relative time in the same words, at every change of unit", () => {
  const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];
  const edges = [0, 2 * second, 90 * second, 90 * minute, 36 * hour, 3 * second, 7 * minute, 5 * hour, 400 * day];
  const offsets = edges.flatMap((edge) => [edge - 1, edge, edge + 1, edge + second]).flatMap((ms) => [ms, -ms]);
  const moments = offsets.map((ms) => new Date(NOW + ms));
  const times = moments.map((at) => new Time(at));
  tell(times);
  expect(times.map(({ textContent }) => textContent)).toEqual(moments.map((at) => relative(at, new Date(NOW))));
  expect(times.map((time) => time.getAttribute("title"))).toEqual(moments.map(exact));
});
