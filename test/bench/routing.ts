/**
 * `npm run bench:routing` measures events per second of processor time, as medians of one run, for the matcher, for a naive loop of ours, and for the
 * matcher of the npm package `cf-eventhub` 0.3.5. The peer's `findRoutes` is required from a file of the installed package, since its entry points do
 * not export it.
 */

import { createRequire } from "node:module";
import { arch, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { type GenericSchema, parse } from "valibot";
import { readBareCall } from "../../infra/cli/script-call.ts";
import type { RouteConfig } from "../../schema/config/routes.ts";
import type { EventPayload } from "../../schema/contract/index.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { naiveMatch } from "../support/naive-matcher.ts";
import { githubEvents, lotEvents, lotRules } from "./routing/events.ts";
import { cpuMs, type Measured, measure } from "./routing/measure.ts";
import { repositoriesOf, rules } from "./routing/rules.ts";

readBareCall(
  "bench:routing",
  "Events per second of the matcher, of a naive loop, and of the npm package cf-eventhub 0.3.5.",
);

interface Peer {
  readonly findRoutes: (config: RouteConfig, payload: EventPayload) => readonly unknown[];
  readonly Config: GenericSchema<unknown, RouteConfig>;
}

const SIZES = [1, 10, 100, 1_000, 10_000];
const number = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

// The CommonJS build. The other one imports `jsonpath` in a way that only a bundler understands, and finds nothing in Node.
const load = createRequire(import.meta.url);
const peer: Peer = load(fileURLToPath(new URL("./core/hub/routing.cjs", import.meta.resolve("cf-eventhub-peer"))));

const github = (routes: number) => githubEvents(repositoriesOf(routes));
const lots = lotEvents();
const bytes = (events: readonly EventPayload[]) => JSON.stringify(events).length / events.length;

console.log(`${cpus()[0]?.model ?? arch()}, one core, Node ${process.versions.node}`);
console.log(
  `GitHub events: ${github(1).length} of ${number.format(bytes(github(1)))} bytes; lots: ${lots.length} of ${number.format(bytes(lots))} bytes`,
);

const results: Record<string, unknown>[] = [];
for (const [title, eventsFor, makeRoutes] of [
  ["GitHub, seed language", github, (count: number) => rules(count, "seed")],
  ["GitHub, whole language", github, (count: number) => rules(count, "full")],
  ["900-byte lots, exact", () => lots, lotRules],
] as const) {
  console.log(`\n${title}\n routes   compile ms   matched |    ours/s   naive/s    peer/s | ours/naive ours/peer`);
  for (const size of SIZES) {
    const routes = makeRoutes(size);
    const events = eventsFor(size);
    const start = cpuMs();
    const compiled = compileRoutes({ routes });
    const compileMs = cpuMs() - start;
    const ours = measure(events, compiled.match);
    const naive = measure(events, (event) => naiveMatch(compiled.config, event));
    const theirs = title.includes("whole") ? undefined : measurePeer(routes, events);
    if (naive.matched !== ours.matched || (theirs ?? ours).matched !== ours.matched)
      throw new Error(`${title}: different routes found`);
    report(size, compileMs, ours, naive, theirs);
    results.push({
      title,
      size,
      compileMs,
      ours: ours.perSecond,
      naive: naive.perSecond,
      peer: theirs?.perSecond,
      matched: ours.matched,
    });
  }
}

const texts = lots.map((event) => JSON.stringify(event));
const five = compileRoutes({ routes: lotRules(5) });
let turn = 0;
const parsed = measure(lots, () => five.match(JSON.parse(texts[turn++ % texts.length] ?? "{}")));
console.log(
  `\n900-byte lots, 5 exact routes, JSON.parse included: ${number.format(parsed.perSecond)} events/s (event-ruler, published: 220,000)`,
);

const of = (title: string, size: number) =>
  results.find((row) => row.title === title && row.size === size)?.ours as number;
for (const title of new Set(results.map((row) => row.title as string))) {
  console.log(`${title}: 10,000 routes are ${(of(title, 100) / of(title, 10_000)).toFixed(2)} times slower than 100`);
}
console.log(JSON.stringify({ bench: "routing", parsed: parsed.perSecond, results }));

function measurePeer(routes: readonly unknown[], events: readonly EventPayload[]): Measured {
  const config = parse(peer.Config, { routes });
  return measure(events, (event) => peer.findRoutes(config, event));
}

function report(size: number, compileMs: number, ours: Measured, naive: Measured, theirs: Measured | undefined): void {
  const cell = (value: number | undefined, width: number) =>
    (value === undefined ? "-" : number.format(value)).padStart(width);
  console.log(
    `${cell(size, 7)} ${cell(compileMs, 12)} ${ours.matched.toFixed(2).padStart(9)} |${cell(ours.perSecond, 10)}${cell(naive.perSecond, 10)}` +
      `${cell(theirs?.perSecond, 10)} |${cell(ours.perSecond / naive.perSecond, 11)}${cell(theirs && ours.perSecond / theirs.perSecond, 10)}`,
  );
}
