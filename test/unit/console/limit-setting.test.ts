import { expect, test } from "vitest";
import { settingOf } from "../../../workers/console/forms/limit-setting.ts";

const NOW = new Date("2026-11-29T12:00:00.000Z");
const UNTIL = new Date("2026-11-29T16:00:00.000Z");

const read = (fields: Record<string, string>, key?: string) =>
  settingOf({ get: (name) => ({ for: "4h", ...fields })[name] ?? "" }, key, NOW);

test('an empty field keeps the configured limit, and "none" lifts it', () => {
  expect(read({})).toEqual({ until: UNTIL });
  expect(read({ calls: "20" })).toEqual({ rate: { limit: 20, perSeconds: 1 }, until: UNTIL });
  expect(read({ calls: "20", seconds: "60", burst: "5", atOnce: "3" })).toEqual({
    rate: { limit: 20, perSeconds: 60, burst: 5 },
    concurrency: 3,
    until: UNTIL,
  });
  expect(read({ calls: "none", atOnce: "none" })).toEqual({ rate: null, concurrency: null, until: UNTIL });
  expect(read({ weight: "0.5" }, "")).toEqual({ key: "", weight: 0.5, until: UNTIL });
});

test("a text that is not a number is passed on for the hub to refuse", () => {
  const nothing = Number.NaN;
  expect(read({ burst: "5" })).toEqual({ rate: { limit: nothing, perSeconds: 1, burst: 5 }, until: UNTIL });
  expect(read({ calls: "none", burst: "5" })).toMatchObject({ rate: { limit: nothing, burst: 5 } });
  expect(read({ atOnce: "many" })).toEqual({ concurrency: nothing, until: UNTIL });
  expect(read({ for: "ever" }).until.getTime()).toBeNaN();
});
