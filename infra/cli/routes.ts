/**
 * `check <config>` and `explain <config> <payload.json>`: reads a route configuration as the hub does. `diff <old config> <new config>`: what a
 * change would have done with the newest stored events of DATABASE_URL. All after `npm run routes --`, or `npx cf-eventhub-workflows routes` elsewhere.
 */

import { complain } from "./exit.ts";
import { runRoutes } from "./routes/command.ts";

/**
 * Runs one command about routes. Exit code 0 if all is well, 1 if a file has faults, 2 for a wrong call.
 *
 * @param calledAs What stands before `args` where people type it, for the usage; default `npm run routes --`.
 */
export async function routesCommand(args: readonly string[], calledAs?: string): Promise<void> {
  try {
    const printed = await runRoutes(args, process.env, calledAs);
    if (printed.code === 0) console.log(printed.out);
    else console.error(printed.err);
    process.exitCode = printed.code;
  } catch (error) {
    complain(error);
  }
}

if (import.meta.main) await routesCommand(process.argv.slice(2));
