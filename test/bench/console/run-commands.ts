import type { Client } from "pg";
import { startCommands } from "../../support/command-process.ts";

/** How long a command took. */
export interface CommandTiming {
  command: string;
  ms: number;
  code: number;
  /** The last line of its output. */
  said: string;
}

/** The commands that read much. `NOTE` stands for a payload value without an index, from the oldest event that has it. */
const COMMANDS: readonly (readonly string[])[] = [
  ["ops", "problems"],
  ["ops", "doctor"],
  ["ops", "destinations"],
  ["ops", "stats", "--since", "7d", "--bucket", "day"],
  ["ops", "traffic", "--since", "7d"],
  ["ops", "list", "--status", "failed", "--limit", "5"],
  ["ops", "find", "17"],
  ["ops", "events", "--payload", "$.id=17"],
  ["ops", "list", "--payload", "$.id=17"],
  ["ops", "events", "--payload", "$.items[0].note=NOTE", "--limit", "1"],
  ["ops", "events", "--payload", "$.items[0].note=nowhere"],
  ["ops", "events", "--payload", "$.items[0].note=nowhere", "--max-scan", "100000"],
  ["ops", "list", "--payload", "$.items[0].note=nowhere"],
  ["ops", "list", "--reason", "nowhere"],
  ["ops", "retry", "--status", "failed", "--dry-run"],
];

const OLDEST = `
  select payload -> 'items' -> 0 ->> 'note' as note from eventhub.events where payload -> 'items' is not null order by id limit 1`;

/** Runs the commands in one process that has already started. */
export async function runCommands(client: Client, env: NodeJS.ProcessEnv): Promise<CommandTiming[]> {
  const { rows } = await client.query<{ note: string }>(OLDEST);
  const commands = await startCommands(env);
  try {
    const timings: CommandTiming[] = [];
    for (const args of COMMANDS) {
      const began = performance.now();
      const { code, stdout, stderr } = await commands.run(args.map((arg) => arg.replace("NOTE", rows[0]?.note ?? "")));
      const ms = performance.now() - began;
      const said = (stderr || stdout).trim().split("\n").at(-1) ?? "";
      timings.push({ command: args.join(" "), ms, code, said: said.slice(0, 80) });
    }
    return timings;
  } finally {
    commands.stop();
  }
}
