import { afterAll, beforeAll, expect, test } from "vitest";
import { fuzz } from "../chaos/statements/fuzz.ts";
import { describeCounts } from "../chaos/statements/report.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";

const SEED = 17;
const SECONDS = 12;

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test("the hub's statements keep all invariants against each other, whatever holds, dies or goes unanswered among them", async () => {
  const findings = await fuzz({ url: database.url, seed: SEED, seconds: SECONDS });
  console.log(describeCounts(findings));
  expect(findings.violations).toEqual([]);
  // It would prove little if no client had made progress.
  const done = [
    "claim: mine",
    "claim: held",
    "duplicates",
    "replaced",
    "requeued",
    "drained",
    "routed",
    "pruned",
    "deaths",
  ];
  for (const what of done) expect(findings.counts.get(what), what).toBeGreaterThan(0);
});
