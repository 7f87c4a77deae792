import { expect, test } from "vitest";
import { isRoutine, type StackMessage } from "../../../infra/local/logs/message.ts";
import { createOutputParser } from "../../../infra/local/logs/parse-output.ts";

const SPEAKERS = [
  { name: "billing", directory: "/shop/workers/billing" },
  { name: "api", directory: "/shop/workers/api" },
  { name: "stock", directory: "/shop/workers/api/stock" },
];

function parse(text: string): StackMessage[] {
  const parser = createOutputParser(SPEAKERS);
  return [...text.split("\n").flatMap((line) => parser.line(line)), ...parser.flush()];
}
const said = (text: string) => parse(text).map(({ from, level, text }) => [from, level, text]);

test("output of a Worker is attributed to it, even over several lines", () => {
  expect(said("[billing] one {\n  a: 1\n}\n[api] two\n[somebody] else")).toEqual([
    ["billing", "info", "one {\n  a: 1\n}"],
    ["api", "info", "two\n[somebody] else"],
  ]);
});

test("wrangler's own output about requests, bindings and the network is dropped", () => {
  const lines = [
    "Using secrets defined in .eventhub/workers/gateway/.dev.vars",
    "api has access to the following bindings:",
    "env.EVENTHUB (hub)   Worker   local [connected]",
    "",
    "⎔ Starting local server...",
    "[wrangler:warn] Unable to fetch the `Request.cf` object! Falling back to a default placeholder...",
    "Error: getaddrinfo ENOTFOUND workers.cloudflare.com",
    "[wrangler:info] POST /emit 200 OK (12ms)",
  ];
  expect(said(lines.join("\n"))).toEqual([]);
});

test("a reload of the Workers is reported", () => {
  expect(said("⎔ Reloading local server...\n⎔ Local server updated and ready")).toEqual([
    [undefined, "info", "the Workers have been reloaded"],
  ]);
});

test("an error belongs to the nearest Worker directory that its stack names first", () => {
  const error = (frame: string) =>
    `\u001b[31m✘ \u001b[41;31m[\u001b[41;97mERROR\u001b[41;31m]\u001b[0m \u001b[1mUncaught RangeError: deep Error\u001b[0m\n\n      at f (${frame}:1:28)\n\n`;
  const shown = (frame: string) => `Uncaught RangeError: deep\n    at f (${frame}:1:28)`;
  for (const [frame, from] of [
    ["file:///shop/workers/billing/other.ts", "billing"],
    ["file:///shop/workers/api/stock/index.ts", "stock"],
    ["file:///shop/workers/api/index.ts", "api"],
    ["file:///shop/lib/shared.ts", undefined],
  ] as const)
    expect(said(error(frame))).toEqual([[from, "error", shown(frame)]]);
});

test("an error that names its Worker belongs to it, and loses the stack frames of our own code", () => {
  const frames =
    "      at Billing.handle (file:///shop/workers/billing/index.ts:6:9)\n      at Billing.<computed> [as handle] (file:///shop/.eventhub/workers/billing/entry.js:14:26)";
  expect(said(`✘ [ERROR] [billing] TypeError: card declined\n\n${frames}\n\n`)).toEqual([
    ["billing", "error", "TypeError: card declined\n    at Billing.handle (file:///shop/workers/billing/index.ts:6:9)"],
  ]);
});

test("a log line of the hub's own parts is recognised even if wrangler drops the name", () => {
  expect(parse('▲ [WARNING] {"event":"dispatch.attempted","dispatches":[]}\n\n[api] {"event":"order.paid"}')).toEqual([
    { from: undefined, level: "warn", text: '{"event":"dispatch.attempted","dispatches":[]}', ours: true },
    { from: "api", level: "info", text: '{"event":"order.paid"}', ours: false },
  ]);
});

test("an error of a consumer is reported once, and not again as it leaves the Worker", () => {
  const frame = "at Billing.handle (file:///shop/workers/billing/index.ts:6:9)";
  const entry = "(file:///shop/.eventhub/workers/billing/entry.js:14:26)";
  const logged = `✘ [ERROR] [billing] TypeError: card declined\n\n      ${frame}\n      at Told.<computed> [as handle] ${entry}\n\n`;
  const again = `✘ [ERROR] Uncaught TypeError: card declined Error\n\n      at handle (file:///shop/workers/billing/index.ts:6:9)\n      at Told.<computed> ${entry}\n\n`;
  expect(said(`${logged}${again}[api] on`)).toEqual([
    ["billing", "error", `TypeError: card declined\n    ${frame}`],
    ["api", "info", "on"],
  ]);
  expect(
    said("✘ [ERROR] Uncaught TypeError: elsewhere\n\n      at f (file:///shop/workers/billing/index.ts:6:9)"),
  ).toEqual([
    ["billing", "error", "Uncaught TypeError: elsewhere\n    at f (file:///shop/workers/billing/index.ts:6:9)"],
  ]);
});

test("a step that waits is not reported as an error", () => {
  expect(
    said(
      '✘ [ERROR] Uncaught RetryLater: retry in 119992 ms: [{"took":3}]\n\n      at Pull.run (file:///shop/x.js:1:1)\n',
    ),
  ).toEqual([]);
});

test("of what the hub's parts log, only errors are shown that no delivery's line repeats", () => {
  const shown = parse(`✘ [ERROR] {"event":"reconcile.failed","error":"x"}

✘ [ERROR] {"event":"dispatch.lost","dispatches":[]}

▲ [WARNING] {"event":"events.invalid","events":1}

[billing] {"event":"dispatch.attempted"}
`).filter((message) => !isRoutine(message));
  expect(shown.map(({ text }) => text)).toEqual(['{"event":"reconcile.failed","error":"x"}']);
});
