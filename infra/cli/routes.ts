/**
 * `check <config>` and `explain <config> <payload.json>`: reads a route configuration as the hub does. `diff <old config> <new config>`: what a
 * change would have done with the newest stored events of DATABASE_URL. All after `npm run routes --`, or `npx cf-eventhub-workflows routes` elsewhere.
 */
import { Command } from "commander";
import { runProgram, wellBehaved } from "./commander.ts";
import { endWithReader } from "./gone-reader.ts";
import { defineRoutes } from "./routes/program.ts";

endWithReader();
const program = wellBehaved(new Command("npm run routes --")).description("Read route configurations as the hub does.");
await runProgram(defineRoutes(program, process.env), process.argv.slice(2));
