/**
 * `check <config>` and `explain <config> <payload.json>` read a route configuration as the hub does. `diff <old config> <new config>` shows what a
 * change would have done with the newest stored events of DATABASE_URL. Call them with `npm run routes --`, or elsewhere with `npx
 * cf-eventhub-workflows routes`.
 */
import { Command } from "commander";
import { runProgram, wellBehaved } from "./commander.ts";
import { endWithReader } from "./gone-reader.ts";
import { defineRoutes } from "./routes/program.ts";

endWithReader();
const program = wellBehaved(new Command("npm run routes --")).description("Read route configurations as the hub does.");
await runProgram(defineRoutes(program, process.env), process.argv.slice(2));
