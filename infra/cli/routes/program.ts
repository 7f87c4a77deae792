import type { Command } from "commander";
import { printable, printableJson } from "../../../schema/text/printable.ts";
import { DEFAULT_COMPARED_EVENTS } from "../../../schema/vocabulary/defaults.ts";
import { explainDelivery } from "../../../workers/hub/routing/index.ts";
import { checkRoutes } from "../../events/check-routes.ts";
import { definitionIn } from "../../events/read-definition.ts";
import { JsonFile } from "../../project/json-file.ts";
import { examples } from "../commander.ts";
import { count } from "../count-noun.ts";
import { formatComparison } from "./comparison-text.ts";
import { compileFile, compileJson } from "./compile-file.ts";
import { diff } from "./diff.ts";
import { explainText } from "./explain-text.ts";
import { payloadIn } from "./payload-file.ts";

/** Adds the commands about route configurations. */
export function defineRoutes(program: Command, env: NodeJS.ProcessEnv): Command {
  const checking = program
    .command("check <config.json>")
    .description("list every fault with its line and column, or what the configuration contains")
    .option("--events <file>", "the module that defines the events, if the configuration does not")
    .action(async (config: string, { events }: { events?: string }) => console.log(await check(config, events)));
  examples(checking, "routing.json", "eventhub/routing.json --events eventhub/events.ts");

  const explaining = program
    .command("explain <config.json> <payload.json>")
    .description("say for every route whether it matches a payload, why, and what it would deliver")
    .option("--json", "print JSON", false)
    .action(async (config: string, payload: string, { json }: { json: boolean }) =>
      console.log(await explain(config, payload, json)),
    );
  examples(explaining, "routing.json order.json", "routing.json order.json --json");

  const comparing = program
    .command("diff <old.json> <new.json>")
    .description("show what a change of routes would have done with the newest events of DATABASE_URL")
    .option("--events <n>", "how many events", String(DEFAULT_COMPARED_EVENTS))
    .option("--json", "print JSON", false)
    .action(async (before: string, after: string, { events, json }: { events: string; json: boolean }) => {
      const comparison = await diff(before, after, { events, env });
      console.log(json ? printableJson(comparison, 2) : formatComparison(comparison));
    });
  examples(comparing, "deployed.json routing.json", "deployed.json routing.json --events 10000");
  return examples(program, "check routing.json", "help diff").helpCommand("help [command]", "help for a command");
}

async function check(path: string, definition: string | undefined): Promise<string> {
  const file = new JsonFile(path);
  const compiled = compileJson(file);
  const { routes, indexes = [] } = compiled.config;
  const events = definition === undefined ? compiled.events : await definitionIn(definition);
  const destinations = new Set(routes.map((route) => route.destination)).size;
  const enabled = routes.filter((route) => route.enabled).length;
  const found = `${count(routes.length, "route")} (${enabled} enabled) to ${count(destinations, "destination")}`;
  const hint = file.strict ? "" : "; has comments or trailing commas, which a JSON module must not have";
  const warnings =
    events === undefined ? [] : checkRoutes(compiled.config, events).map((warning) => file.line(warning));
  const lines = warnings.map((line) => printable(line.replace(/^(.*?:\d+:\d+: )/, "$1warning: ")));
  const odd = warnings.length === 0 ? "" : `, ${count(warnings.length, "warning")}`;
  const indexed =
    indexes.length === 0
      ? []
      : [printable(`values found at once, by indexes of migrate --routing: ${indexes.join(", ")}`)];
  return [...lines, `${printable(path)}: no faults${odd}: ${found}${hint}`, ...indexed].join("\n");
}

async function explain(configPath: string, payloadPath: string, json: boolean): Promise<string> {
  const routes = compileFile(configPath);
  const explained = await explainDelivery(routes, payloadIn(payloadPath));
  return json ? printableJson(explained, 2) : explainText(explained);
}
