import { afterEach, beforeEach, expect, test } from "vitest";
import { describeFaults, describeMissing } from "../../../infra/cli/dev/banner.ts";
import { planOf } from "../../../infra/cli/init/plan.ts";
import { survey } from "../../../infra/cli/init/survey.ts";
import { writeChanges } from "../../../infra/cli/init/write.ts";
import { soundPartsOf } from "../../../infra/local/workers/hub-parts.ts";
import { readProject } from "../../../infra/project/project.ts";
import { ProjectDirectory } from "../../support/project-directory.ts";

let project: ProjectDirectory;
beforeEach(() => {
  project = new ProjectDirectory({
    "node_modules/cf-eventhub-workflows/dist/workers-scripts/console/worker.js": "export { x as default };",
  });
  writeChanges(
    project.root,
    planOf(survey(project.root), { template: "example", producers: [] }).changes,
    () => undefined,
  );
});
afterEach(() => project[Symbol.dispose]());

const said = () => {
  const found = readProject({ root: project.root });
  return [...describeMissing(found), ...describeFaults(found)];
};

function change(path: string, from: string, to: string): void {
  const text = project.read(path);
  expect(text.split(from)).toHaveLength(2);
  project.write({ [path]: text.replace(from, () => to) });
}

test("dev warns of nothing in a project that init has written", () => {
  expect(said()).toEqual([]);
});

test("dev reports each fault that doctor finds once, before anything starts", () => {
  change("eventhub/executor/wrangler.jsonc", '"triggers": { "crons": ["0 4 * * *"] },', "");
  change("workers/producer/wrangler.jsonc", '"eventhub-hub"', '"eventhub-hubb"');
  expect(said()).toEqual([
    expect.stringMatching(
      /^workers\/producer\/wrangler\.jsonc:\d+:\d+: there is no wrangler configuration of eventhub-hubb /,
    ),
    expect.stringMatching(/^eventhub\/executor\/wrangler\.jsonc:\d+:\d+: .*cron/),
  ]);
});

test("dev does not report a fault that ends the start with its own error", () => {
  change("eventhub/executor/index.ts", "export class Dispatch", "class Dispatch");
  expect(said()).toEqual([]);
  expect(() => soundPartsOf(readProject({ root: project.root }))).toThrow(/: Dispatch is not exported by /);
});
