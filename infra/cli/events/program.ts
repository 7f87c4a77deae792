import { type Command, Option } from "commander";
import type { EventPayload } from "../../../schema/contract/index.ts";
import { printable, printableJson } from "../../../schema/text/printable.ts";
import { DEFAULT_COMPARED_EVENTS } from "../../../schema/vocabulary/defaults.ts";
import { MAX_COMPARED_EVENTS } from "../../../schema/vocabulary/limits.ts";
import { judgeStored } from "../../../workers/hub/emit/check-event.ts";
import type { EventChecker } from "../../../workers/hub/events/checker.ts";
import { checkStored, kindOf } from "../../events/check-stored.ts";
import { diffEvents } from "../../events/diff.ts";
import { EXPORT_FORMATS, type ExportFormat, exportEvents } from "../../events/export.ts";
import { inferSchema } from "../../events/infer.ts";
import { definitionIn } from "../../events/read-definition.ts";
import { FileFaults } from "../../project/json-file.ts";
import { examples } from "../commander.ts";
import { count } from "../count-noun.ts";
import { integerOption } from "../number-option.ts";
import { openFrom } from "../ops/open-database.ts";
import { recentEvents } from "../routes/recent-events.ts";
import { diffText, storedText } from "./report-text.ts";

const FILE = "<file>";

/** The most payloads of one kind from which a schema is inferred. */
const MAX_SAMPLES = 500;

/** Adds the commands about definitions of events. */
export function defineEventCommands(program: Command, env: NodeJS.ProcessEnv): Command {
  const checking = program
    .command(`check ${FILE}`)
    .description("check a definition, its examples, and stored events against it")
    .option("--against-stored <n>", "check this many of the newest events of DATABASE_URL")
    .option("--json", "print JSON", false)
    .action(async (file: string, options: { againstStored?: string; json: boolean }) =>
      console.log(await check(file, options, env)),
    );
  examples(checking, "eventhub/events.ts", "eventhub/routing.json --against-stored 10000");

  const comparing = program
    .command("diff <old> <new>")
    .description("show what changes for producers and for consumers, by kind")
    .option("--json", "print JSON", false)
    .action(async (before: string, after: string, { json }: { json: boolean }) => {
      const changes = diffEvents(await definitionIn(before), await definitionIn(after));
      console.log(json ? printableJson(changes, 2) : diffText(changes));
    });
  examples(comparing, "deployed.json eventhub/routing.json");

  const exporting = program
    .command(`export ${FILE}`)
    .description("print a definition in another format")
    .addOption(new Option("--format <format>", "which").choices(EXPORT_FORMATS).default("json-schema"))
    .action(async (file: string, { format }: { format: ExportFormat }) => {
      process.stdout.write(exportEvents(await definitionIn(file), format));
    });
  examples(exporting, "eventhub/events.ts --format asyncapi");

  const inferring = program
    .command("infer [file]")
    .description("infer JSON Schemas for kinds that are stored in DATABASE_URL but not defined in the file")
    .option("--kind <kind>", "only for this kind")
    .option("--member <name>", "the member that names the kind, if no file says it", "kind")
    .option("--events <n>", "from so many of the newest events", String(DEFAULT_COMPARED_EVENTS))
    .action(async (file: string | undefined, options: { kind?: string; member: string; events: string }) =>
      console.log(await infer(file, options, env)),
    );
  examples(inferring, "eventhub/events.ts", "--kind order.paid --events 5000");
  return examples(program, "check eventhub/events.ts", "help diff").helpCommand("help [command]", "help for a command");
}

async function check(
  file: string,
  { againstStored, json }: { againstStored?: string; json: boolean },
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const events = await definitionIn(file);
  await checkExamples(file, events);
  if (againstStored === undefined)
    return printable(`${file}: no faults: ${count(events.kinds.size, "kind")} of events`);
  const most = integerOption("against-stored", againstStored, 1, MAX_COMPARED_EVENTS);
  await using opened = await openFrom(env);
  const stored = await checkStored(events, recentEvents(opened.database, most, { producers: true }));
  return json ? printableJson(stored, 2) : storedText(stored);
}

/** Refuses an example that its own schema refuses, since it would mislead everybody. @throws FileFaults */
async function checkExamples(file: string, events: EventChecker): Promise<void> {
  const lines: string[] = [];
  for (const [kind, { examples = [], check }] of events.kinds) {
    if (check === "off") continue;
    for (const [index, example] of examples.entries()) {
      const found = await judgeStored(events, example as EventPayload);
      const place = `${file}: events[${JSON.stringify(kind)}].examples[${index}]`;
      lines.push(...(found?.faults ?? []).map((fault) => `${place}: ${fault}`));
    }
  }
  if (lines.length > 0) throw new FileFaults(lines);
}

async function infer(
  file: string | undefined,
  { kind: only, member, events }: { kind?: string; member: string; events: string },
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const defined = file === undefined ? undefined : await definitionIn(file);
  const most = integerOption("events", events, 1, MAX_COMPARED_EVENTS);
  await using opened = await openFrom(env);
  const samples = new Map<string, EventPayload[]>();
  for await (const { payload } of recentEvents(opened.database, most, { producers: true })) {
    const kind = payload === null ? undefined : kindOf(payload, defined?.member ?? member);
    if (payload === null || kind === undefined || defined?.kinds.has(kind) || (only ?? kind) !== kind) continue;
    const known = samples.get(kind) ?? [];
    samples.set(kind, known);
    if (known.length < MAX_SAMPLES) known.push(payload);
  }
  const proposed = [...samples].map(([kind, payloads]) => [kind, { schema: inferSchema(payloads) }]);
  return printableJson({ events: Object.fromEntries(proposed) }, 2);
}
