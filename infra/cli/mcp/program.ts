import type { Command } from "commander";
import { examples } from "../commander.ts";
import { WrongCall } from "../exit.ts";
import { connect } from "../ops/connect.ts";

/** The library for the protocol; an optional peer dependency of this package. */
const LIBRARY = "@modelcontextprotocol/sdk";

/** Adds `mcp`: everything that operators may read, for an assistant that calls tools. */
export function defineMcp(program: Command, env: NodeJS.ProcessEnv): Command {
  program
    .option("--routing <file>", "the route configuration: for explain, get_configuration and the kinds of destinations")
    .action(async ({ routing }: { routing?: string }) => {
      const { serve } = await loaded();
      await using connection = await connect({ ...(routing !== undefined && { routing }) }, env);
      await serve(connection.context, program.parent?.version() ?? "", process.stdin, process.stdout);
    });
  return examples(program, "", "--routing eventhub/routing.json");
}

/** @throws WrongCall if the library is not installed */
async function loaded(): Promise<typeof import("./server.ts")> {
  try {
    return await import("./server.ts");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
    if (missing && String(error).includes(LIBRARY)) throw new WrongCall(`mcp needs a library: npm install ${LIBRARY}`);
    throw error;
  }
}
