/**
 * `npm run routes -- check <config>` and `npm run routes -- explain <config> <payload.json>`: reads a route configuration as the hub does.
 * `npm run routes -- diff <old config> <new config>`: what a change would have done with the newest stored events of DATABASE_URL. Exit code 0 if all is well, 1 if a file has faults, 2 for a wrong call.
 */

import { runRoutes } from "./routes/command.ts";

const printed = await runRoutes(process.argv.slice(2), process.env);
if (printed.code === 0) console.log(printed.out);
else console.error(printed.err);
process.exitCode = printed.code;
